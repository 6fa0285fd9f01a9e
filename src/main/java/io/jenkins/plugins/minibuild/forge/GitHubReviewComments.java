package io.jenkins.plugins.minibuild.forge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** GitHub's, as documented: docs.github.com/rest/issues/comments and docs.github.com/rest/pulls/comments. */
final class GitHubReviewComments extends ServiceReviewComments {
    GitHubReviewComments(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    @Override
    List<Existing> all(long number) throws IOException, InterruptedException {
        List<Existing> all = new ArrayList<>();
        calls().list(repositoryPath() + "/issues/" + number + "/comments")
                .forEach(each -> all.add(Existing.of(each, "user")));
        calls().list(repositoryPath() + "/pulls/" + number + "/comments")
                .forEach(each -> all.add(Existing.of(each, "user")));
        return all;
    }

    @Override
    void add(long number, String text) throws IOException, InterruptedException {
        calls().send("POST", repositoryPath() + "/issues/" + number + "/comments", body(text));
    }

    @Override
    void change(long number, String id, String text) throws IOException, InterruptedException {
        calls().send("PATCH", repositoryPath() + "/issues/comments/" + PathSegment.encode(id), body(text));
    }

    @Override
    Lines lines(long number, String commit) {
        return (comment, text) -> calls().send(
                        "POST",
                        repositoryPath() + "/pulls/" + number + "/comments",
                        body(text)
                                .put("commit_id", commit)
                                .put("path", comment.file())
                                .put("line", comment.line())
                                .put("side", "RIGHT"));
    }
}
