package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.http.Http;
import java.util.Map;

/** GitLab, REST API v4. */
final class GitLab extends Forge {
    GitLab(Http http, String api) {
        super(http, api);
    }

    @Override
    public String name() {
        return "GitLab";
    }

    @Override
    String scope() {
        return "read_api";
    }

    @Override
    String repositoryPath(String owner, String name) {
        return "/projects/" + PathSegment.encode(owner + "/" + name);
    }

    @Override
    String mergeRequestPath(String owner, String name, long number) {
        return repositoryPath(owner, name) + "/merge_requests/" + number;
    }

    @Override
    Head readHead(JsonNode request) {
        long source = request.path("source_project_id").asLong(0);
        return new Head(
                text(request, "sha"),
                source == 0 || source != request.path("target_project_id").asLong(0));
    }

    /** Members of the groups around the project count. */
    @Override
    String permissionPath(String owner, String name, String who) {
        return repositoryPath(owner, name) + "/members/all/" + PathSegment.encode(who);
    }

    /** From Developer on: docs.gitlab.com/api/access_requests. */
    @Override
    boolean mayWrite(JsonNode member) {
        return member.path("access_level").asInt(0) >= 30;
    }

    @Override
    Map<String, String> headers(@CheckForNull Secret token) {
        return token == null ? Map.of() : Map.of("Authorization", "Bearer " + token.getPlainText());
    }

    @Override
    RepositoryInfo read(JsonNode json) {
        return new RepositoryInfo(
                text(json, "path_with_namespace"),
                textOrNull(json, "default_branch"),
                !"public".equals(text(json, "visibility")));
    }

    /** A token with {@code read_repository} only is refused by the API and accepted by git. */
    @Override
    boolean gitMayDoWithoutApi() {
        return true;
    }

    /** As documented: docs.gitlab.com/api/commits, "set commit pipeline status". */
    @Override
    StatusCall statusCall(String owner, String name, CommitStatus status, @CheckForNull String previous) {
        String state =
                switch (status.state()) {
                    case PENDING -> "running";
                    case SUCCESS -> "success";
                    case FAILURE -> "failed";
                    case CANCELLED -> "canceled";
                };
        return new StatusCall(
                "POST",
                repositoryPath(owner, name) + "/statuses/" + PathSegment.encode(status.commit()),
                statusBody(status, state, "name"));
    }

    @Override
    String statusScope() {
        return "api";
    }

    @Override
    String mergeRequestScope() {
        return "api";
    }

    @Override
    MergeRequests mergeRequests(ForgeCalls calls, String owner, String name) {
        return new GitLabMergeRequests(this, calls, owner, name);
    }

    @Override
    ReviewComments reviewComments(ForgeCalls calls, String owner, String name) {
        return new GitLabReviewComments(this, calls, owner, name);
    }
}
