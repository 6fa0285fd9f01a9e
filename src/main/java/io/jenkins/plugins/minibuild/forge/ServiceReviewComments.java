package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the services have in common: what is there already is read first. */
abstract class ServiceReviewComments implements ReviewComments {
    private static final String BEGIN = "<!-- mini-build-review:";
    private static final String END = " -->";

    private final Forge forge;
    private final ForgeCalls calls;
    private final MergeRequests requests;
    private final String repositoryPath;

    ServiceReviewComments(Forge forge, ForgeCalls calls, String owner, String name) {
        this.forge = forge;
        this.calls = calls;
        this.requests = forge.mergeRequests(calls, owner, name);
        this.repositoryPath = forge.repositoryPath(owner, name);
    }

    /**
     * A comment that is there.
     *
     * @param account the id of who wrote it
     */
    record Existing(String id, String account, String text) {
        static Existing of(JsonNode json, String author) {
            return new Existing(
                    json.path("id").asText(""),
                    json.path(author).path("id").asText(""),
                    json.path("body").asText(""));
        }
    }

    /** All comments of a merge request, those at lines among them, resolved ones too. */
    abstract List<Existing> all(long number) throws IOException, InterruptedException;

    /** Writes a comment to the whole of it. */
    abstract void add(long number, String text) throws IOException, InterruptedException;

    /** Changes a comment to the whole of it. */
    abstract void change(long number, String id, String text) throws IOException, InterruptedException;

    /** Comments at lines of one merge request. */
    interface Lines {
        void add(LineComment comment, String text) throws IOException, InterruptedException;
    }

    /** Gets ready to write at lines of a merge request whose newest commit is this one. */
    abstract Lines lines(long number, String commit) throws IOException, InterruptedException;

    final ForgeCalls calls() {
        return calls;
    }

    final String repositoryPath() {
        return repositoryPath;
    }

    static ObjectNode body(String text) {
        return JsonNodeFactory.instance.objectNode().put("body", text);
    }

    @Override
    public final String service() {
        return forge.name();
    }

    @Override
    public final Written write(long number, String commit, String mark, String summary, List<LineComment> comments)
            throws IOException, InterruptedException {
        MergeRequest request = requests.get(number);
        List<String> notes = new ArrayList<>();
        String account = account();
        List<Existing> own = all(number).stream()
                .filter(each -> account.isEmpty() || each.account().equals(account))
                .toList();
        boolean updated = summary(number, own, marked(mark, summary));
        Set<String> known = new HashSet<>();
        for (LineComment each : comments) {
            if (own.stream().anyMatch(there -> there.text().contains(BEGIN + each.mark() + END))) {
                known.add(each.mark());
            }
        }
        List<LineComment> fresh =
                comments.stream().filter(each -> !known.contains(each.mark())).toList();
        if (!fresh.isEmpty() && request.commit() != null && !request.commit().equals(commit)) {
            notes.add(Messages.ReviewComments_moved(request.commit(), commit));
            return new Written(updated, 0, known.size(), notes);
        }
        return new Written(updated, write(number, commit, fresh, notes), known.size(), notes);
    }

    private boolean summary(long number, List<Existing> own, String text) throws IOException, InterruptedException {
        String mark = text.substring(0, text.indexOf(END) + END.length());
        for (Existing each : own) {
            if (each.text().startsWith(mark)) {
                if (!each.text().strip().equals(text.strip())) {
                    change(number, each.id(), text);
                }
                return true;
            }
        }
        add(number, text);
        return false;
    }

    private int write(long number, String commit, List<LineComment> comments, List<String> notes)
            throws IOException, InterruptedException {
        if (comments.isEmpty()) {
            return 0;
        }
        Lines lines = lines(number, commit);
        int written = 0;
        for (LineComment each : comments) {
            try {
                lines.add(each, marked(each.mark(), each.text()));
                written++;
            } catch (MergeRequestProblem e) {
                if (e.kind() != Kind.REFUSED && e.kind() != Kind.CONFLICT) {
                    throw e;
                }
                // A line that the service shows otherwise than git; the summary has the finding, too.
                notes.add(Messages.ReviewComments_line(each.file(), String.valueOf(each.line()), e.getMessage()));
            }
        }
        return written;
    }

    private static String marked(String mark, String text) {
        return BEGIN + mark + END + "\n" + text;
    }

    /** The id of the token's account; empty where tokens have none, as those of GitHub's apps. */
    private String account() throws IOException, InterruptedException {
        try {
            return calls.get("/user").path("id").asText("");
        } catch (MergeRequestProblem e) {
            if (e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND) {
                return "";
            }
            throw e;
        }
    }
}
