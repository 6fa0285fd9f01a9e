package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.http.Http;
import java.util.Map;

/** Gitee, REST API v5. */
final class Gitee extends Forge {
    Gitee(Http http, String api) {
        super(http, api);
    }

    @Override
    public String name() {
        return "Gitee";
    }

    @Override
    String scope() {
        return "projects";
    }

    @Override
    Map<String, String> headers(@CheckForNull Secret token) {
        return token == null ? Map.of() : Map.of("Authorization", "token " + token.getPlainText());
    }

    /** Gitee has no plain commit status: it shows check runs, which are created once and then changed (its API v5, check-runs). */
    @Override
    StatusCall statusCall(String owner, String name, CommitStatus status, @CheckForNull String previous) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("details_url", status.link());
        if (status.state() == CommitStatus.State.PENDING) {
            body.put("status", "in_progress");
        } else {
            body.put("status", "completed");
            body.put(
                    "conclusion",
                    switch (status.state()) {
                        case SUCCESS -> "success";
                        case CANCELLED -> "cancelled";
                        default -> "failure";
                    });
        }
        // The summary is Markdown there.
        body.putObject("output")
                .put("title", status.context())
                .put("summary", ServiceText.markdown(status.description()));
        String path = repositoryPath(owner, name) + "/check-runs";
        if (previous != null) {
            return new StatusCall("PATCH", path + "/" + PathSegment.encode(previous), body);
        }
        body.put("name", status.context());
        body.put("head_sha", status.commit());
        return new StatusCall("POST", path, body);
    }

    @Override
    String statusScope() {
        return "projects, checks";
    }

    @Override
    String mergeRequestScope() {
        return "pull_requests, projects";
    }

    @Override
    MergeRequests mergeRequests(ForgeCalls calls, String owner, String name) {
        return new GiteePullRequests(this, calls, owner, name);
    }

    @Override
    ReviewComments reviewComments(ForgeCalls calls, String owner, String name) {
        return new GiteeReviewComments(this, calls, owner, name);
    }
}
