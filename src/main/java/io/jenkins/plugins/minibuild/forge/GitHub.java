package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.http.Http;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** GitHub and GitHub Enterprise, REST API v3. */
final class GitHub extends Forge {
    GitHub(Http http, String api) {
        super(http, api);
    }

    @Override
    public String name() {
        return "GitHub";
    }

    @Override
    String scope() {
        return "repo";
    }

    @Override
    Map<String, String> headers(@CheckForNull Secret token) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/vnd.github+json");
        headers.put("X-GitHub-Api-Version", "2022-11-28");
        if (token != null) {
            headers.put("Authorization", "Bearer " + token.getPlainText());
        }
        return headers;
    }

    /** Classic tokens have their scopes in a header of every answer; fine-grained ones do not. */
    @Override
    boolean lacksScope(Http.Response response) {
        String scopes = response.header("x-oauth-scopes");
        return scopes != null
                && Arrays.stream(scopes.split(",")).map(String::trim).noneMatch(scope()::equals);
    }

    /** As documented: docs.github.com/rest/commits/statuses. */
    @Override
    StatusCall statusCall(String owner, String name, CommitStatus status, @CheckForNull String previous) {
        String state =
                switch (status.state()) {
                    case PENDING -> "pending";
                    case SUCCESS -> "success";
                    case FAILURE -> "failure";
                    case CANCELLED -> "error";
                };
        return new StatusCall(
                "POST",
                repositoryPath(owner, name) + "/statuses/" + PathSegment.encode(status.commit()),
                statusBody(status, state, "context"));
    }

    @Override
    String statusScope() {
        return "repo:status";
    }

    @Override
    String mergeRequestScope() {
        return "repo";
    }

    @Override
    MergeRequests mergeRequests(ForgeCalls calls, String owner, String name) {
        return new GitHubPullRequests(this, calls, owner, name);
    }

    @Override
    ReviewComments reviewComments(ForgeCalls calls, String owner, String name) {
        return new GitHubReviewComments(this, calls, owner, name);
    }
}
