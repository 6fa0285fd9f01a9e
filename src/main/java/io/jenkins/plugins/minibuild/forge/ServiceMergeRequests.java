package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the services have in common: one is looked for before it is opened, and again when opening it failed. */
abstract class ServiceMergeRequests implements MergeRequests {
    private final Forge forge;
    private final ForgeCalls calls;
    private final String owner;
    private final String name;

    ServiceMergeRequests(Forge forge, ForgeCalls calls, String owner, String name) {
        this.forge = forge;
        this.calls = calls;
        this.owner = owner;
        this.name = name;
    }

    /** The path of the open ones between two branches, with a query. */
    abstract String openPath(String source, String target);

    /** The path of all, to which new ones are posted. */
    abstract String collection();

    /** The path of a branch. */
    abstract String branchPath(String branch);

    /** The id of its commit in the answer for a branch. */
    abstract String branchCommit(JsonNode branch);

    /** Reads one; values that are missing are empty. */
    abstract MergeRequest read(JsonNode json);

    /** Whether its source is a branch of this repository, not of a fork. */
    abstract boolean fromHere(JsonNode json);

    /** Opens one without labels and reviewers. */
    abstract MergeRequest open(MergeRequestDraft draft, List<String> notes) throws IOException, InterruptedException;

    /** Changes what differs from the draft but labels and reviewers. */
    abstract MergeRequest change(MergeRequest open, MergeRequestDraft draft, List<String> notes)
            throws IOException, InterruptedException;

    /** Adds labels. */
    abstract void label(MergeRequest request, List<String> labels) throws IOException, InterruptedException;

    /** Asks more people for a review. */
    abstract void ask(MergeRequest request, List<String> reviewers, List<String> notes)
            throws IOException, InterruptedException;

    final ForgeCalls calls() {
        return calls;
    }

    final String repositoryPath() {
        return forge.repositoryPath(owner, name);
    }

    final String owner() {
        return owner;
    }

    final String fullName() {
        return owner + "/" + name;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public final String service() {
        return forge.name();
    }

    @Override
    public final String defaultBranch() throws IOException, InterruptedException {
        String branch = forge.read(calls.get(repositoryPath())).defaultBranch();
        if (branch == null || branch.isBlank()) {
            throw new MergeRequestProblem(
                    Kind.NOT_FOUND, Messages.MergeRequests_NoDefaultBranch(service(), fullName()));
        }
        return branch;
    }

    @Override
    public final String head(String branch) throws IOException, InterruptedException {
        String commit = branchCommit(calls.get(branchPath(branch)));
        if (!isCommit(commit)) {
            throw new IOException(Messages.Forge_Unreadable(service()));
        }
        return commit;
    }

    /** Adds the path before and the path after a change, where they are there. */
    static void add(Set<String> paths, JsonNode file, String... fields) {
        for (String field : fields) {
            String path = file.path(field).asText("");
            if (!path.isEmpty()) {
                paths.add(path);
            }
        }
    }

    /** The ids of listed commits; what is none is left out. */
    static Set<String> commits(JsonNode list, String field) {
        Set<String> ids = new HashSet<>();
        list.forEach(each -> {
            String id = commitOrNull(each.path(field));
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    static boolean isCommit(String text) {
        return text.matches("[0-9a-f]{40}([0-9a-f]{24})?");
    }

    @Override
    public final Optional<MergeRequest> findOpen(String source, String target)
            throws IOException, InterruptedException {
        for (JsonNode each : calls.list(openPath(source, target))) {
            // A service that does not know a filter answers with all.
            MergeRequest request = checked(each);
            if (request.state() == MergeRequest.State.OPEN
                    && request.source().equals(source)
                    && request.target().equals(target)
                    && fromHere(each)) {
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    @Override
    public final MergeRequest get(long number) throws IOException, InterruptedException {
        return checked(calls.get(collection() + "/" + number));
    }

    /** Reads an answer, and refuses one that no merge request can be. */
    final MergeRequest checked(JsonNode json) throws IOException {
        MergeRequest request = read(json);
        if (request.number() < 1 || !request.url().matches("https?://[^\\s<>\"]{1,2000}")) {
            throw new IOException(Messages.Forge_Unreadable(service()));
        }
        return request;
    }

    @Override
    public final Saved save(MergeRequestDraft draft) throws IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        Optional<MergeRequest> before = findOpen(draft.source(), draft.target());
        MergeRequest request;
        boolean created = before.isEmpty();
        if (created) {
            request = openOnce(draft, notes);
        } else {
            request = change(before.get(), draft, notes);
        }
        if (!draft.labels().isEmpty()) {
            attempt(notes, () -> label(request, draft.labels()), Messages.MergeRequests_Labels());
        }
        if (!draft.reviewers().isEmpty()) {
            attempt(notes, () -> ask(request, draft.reviewers(), notes), Messages.MergeRequests_Reviewers());
        }
        return new Saved(request, created, notes);
    }

    /** Opens one; when the answer is lost or says that there is one, it is looked for. */
    private MergeRequest openOnce(MergeRequestDraft draft, List<String> notes)
            throws IOException, InterruptedException {
        try {
            return open(draft, notes);
        } catch (IOException e) {
            if (e instanceof MergeRequestProblem problem
                    && problem.kind() != Kind.CONFLICT
                    && problem.kind() != Kind.REFUSED) {
                throw e;
            }
            Optional<MergeRequest> there;
            try {
                there = findOpen(draft.source(), draft.target());
            } catch (IOException second) {
                e.addSuppressed(second);
                throw e;
            }
            if (there.isEmpty()) {
                throw e;
            }
            return there.get();
        }
    }

    /** What is done besides. */
    private interface Extra {
        void run() throws IOException, InterruptedException;
    }

    /** The merge request exists by now: a refused label or reviewer becomes a note, no failure. */
    private static void attempt(List<String> notes, Extra extra, String what) throws IOException, InterruptedException {
        try {
            extra.run();
        } catch (MergeRequestProblem e) {
            notes.add(what + ": " + e.getMessage());
        }
    }

    @CheckForNull
    static String commitOrNull(JsonNode node) {
        String text = node.asText("");
        return isCommit(text) ? text : null;
    }
}
