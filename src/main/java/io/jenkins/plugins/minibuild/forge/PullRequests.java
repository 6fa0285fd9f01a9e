package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The parts of GitHub's API that Gitee's API v5 has too. */
abstract class PullRequests extends ServiceMergeRequests {
    PullRequests(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    @Override
    final String collection() {
        return repositoryPath() + "/pulls";
    }

    @Override
    final String branchPath(String branch) {
        return repositoryPath() + "/branches/" + PathSegment.encode(branch);
    }

    @Override
    final String branchCommit(JsonNode branch) {
        return branch.path("commit").path("sha").asText("");
    }

    private String comparePath(String base, String head) {
        return repositoryPath() + "/compare/" + PathSegment.encode(base) + "..." + PathSegment.encode(head);
    }

    @Override
    public final Comparison compare(String base, String head) throws IOException, InterruptedException {
        JsonNode answer = calls().get(comparePath(base, head));
        Set<String> paths = new HashSet<>();
        answer.path("files").forEach(file -> add(paths, file, "filename", "previous_filename"));
        Set<String> commits = commits(answer.path("commits"), "sha");
        return new Comparison(
                mergeBase(answer),
                paths,
                commits,
                // GitHub says how many there are, Gitee does not.
                answer.path("total_commits").asInt(-1) == commits.size());
    }

    @Override
    public final Optional<String> mergeBase(String base, String head) throws IOException, InterruptedException {
        // Only the first page has the files.
        return Optional.ofNullable(mergeBase(calls().get(comparePath(base, head) + "?per_page=1&page=2")));
    }

    @CheckForNull
    private static String mergeBase(JsonNode answer) {
        return commitOrNull(answer.path("merge_base_commit").path("sha"));
    }

    @Override
    final MergeRequest read(JsonNode json) {
        // GitHub has no state "merged": merged ones are closed and have a time.
        boolean merged = json.path("merged").asBoolean()
                || json.path("merged_at").isTextual()
                || json.path("state").asText("").equals("merged");
        MergeRequest.State state = merged
                ? MergeRequest.State.MERGED
                : json.path("state").asText("").toLowerCase(Locale.ROOT).equals("open")
                        ? MergeRequest.State.OPEN
                        : MergeRequest.State.CLOSED;
        return new MergeRequest(
                json.path("number").asLong(),
                json.path("html_url").asText(""),
                state,
                json.path("title").asText(""),
                new Branches(
                        json.path("head").path("ref").asText(""),
                        json.path("base").path("ref").asText("")),
                json.path("draft").asBoolean(),
                commitOrNull(json.path("head").path("sha")));
    }

    @Override
    final boolean fromHere(JsonNode json) {
        String repository = json.path("head").path("repo").path("full_name").asText("");
        return repository.isEmpty() || repository.equalsIgnoreCase(fullName());
    }
}
