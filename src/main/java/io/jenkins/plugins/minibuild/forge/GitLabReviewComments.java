package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** GitLab's, as documented: docs.gitlab.com/api/notes and docs.gitlab.com/api/discussions. */
final class GitLabReviewComments extends ServiceReviewComments {
    GitLabReviewComments(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    private String path(long number) {
        return repositoryPath() + "/merge_requests/" + number;
    }

    @Override
    List<Existing> all(long number) throws IOException, InterruptedException {
        List<Existing> all = new ArrayList<>();
        for (JsonNode discussion : calls().list(path(number) + "/discussions")) {
            discussion.path("notes").forEach(each -> all.add(Existing.of(each, "author")));
        }
        return all;
    }

    @Override
    void add(long number, String text) throws IOException, InterruptedException {
        calls().send("POST", path(number) + "/notes", body(text));
    }

    @Override
    void change(long number, String id, String text) throws IOException, InterruptedException {
        calls().send("PUT", path(number) + "/notes/" + PathSegment.encode(id), body(text));
    }

    @Override
    Lines lines(long number, String commit) throws IOException, InterruptedException {
        JsonNode refs = calls().get(path(number)).path("diff_refs");
        return (comment, text) -> {
            ObjectNode body = body(text);
            ObjectNode position = body.putObject("position").put("position_type", "text");
            for (String side : List.of("base_sha", "start_sha", "head_sha")) {
                position.put(side, refs.path(side).asText(""));
            }
            // An added line has no old one.
            position.put("new_path", comment.file())
                    .put("old_path", comment.file())
                    .put("new_line", comment.line());
            calls().send("POST", path(number) + "/discussions", body);
        };
    }
}
