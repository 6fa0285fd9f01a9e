package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gitee's, as documented: gitee.com/api/v5/swagger, "Pull Requests". Both kinds of comments are one list there. */
final class GiteeReviewComments extends ServiceReviewComments {
    private static final Pattern HUNK = Pattern.compile("@@ -\\d+(?:,\\d+)? \\+(\\d{1,9})(?:,\\d+)? @@.*");

    GiteeReviewComments(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    private String path(long number) {
        return repositoryPath() + "/pulls/" + number;
    }

    @Override
    List<Existing> all(long number) throws IOException, InterruptedException {
        List<Existing> all = new ArrayList<>();
        calls().list(path(number) + "/comments").forEach(each -> all.add(Existing.of(each, "user")));
        return all;
    }

    @Override
    void add(long number, String text) throws IOException, InterruptedException {
        calls().send("POST", path(number) + "/comments", body(text));
    }

    @Override
    void change(long number, String id, String text) throws IOException, InterruptedException {
        calls().send("PATCH", repositoryPath() + "/pulls/comments/" + PathSegment.encode(id), body(text));
    }

    /** Gitee wants the place of the line in the diff that it shows ("position"), not the line's number: its own diff is asked for. */
    @Override
    Lines lines(long number, String commit) throws IOException, InterruptedException {
        Map<String, String> diffs = new HashMap<>();
        for (JsonNode file : calls().list(path(number) + "/files")) {
            JsonNode patch = file.path("patch");
            diffs.put(
                    file.path("filename").asText(""),
                    patch.isTextual() ? patch.asText() : patch.path("diff").asText(""));
        }
        return (comment, text) -> {
            int position = position(diffs.getOrDefault(comment.file(), ""), comment.line());
            if (position == 0) {
                throw new MergeRequestProblem(Kind.REFUSED, Messages.ReviewComments_noPosition(service()));
            }
            calls().send(
                            "POST",
                            path(number) + "/comments",
                            body(text)
                                    .put("commit_id", commit)
                                    .put("path", comment.file())
                                    .put("position", position));
        };
    }

    /** Lines below the first {@code @@}, later ones of these counted; 0 if the line is not there. */
    static int position(String diff, int line) {
        int position = -1;
        int number = 0;
        for (String each : diff.split("\n", -1)) {
            Matcher hunk = HUNK.matcher(each);
            if (hunk.matches()) {
                position++;
                number = Integer.parseInt(hunk.group(1)) - 1;
                continue;
            }
            if (position < 0) {
                // The names of the files.
                continue;
            }
            position++;
            if (each.startsWith("+") || each.startsWith(" ")) {
                number++;
                if (number == line) {
                    return position;
                }
            }
        }
        return 0;
    }
}
