package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** GitLab's, as documented: docs.gitlab.com/api/merge_requests. */
final class GitLabMergeRequests extends ServiceMergeRequests {
    /** A title that begins so makes a draft; "WIP:" did in old versions. */
    private static final Pattern DRAFT =
            Pattern.compile("^\\s*(?:(?:\\[draft]|\\(draft\\)|draft:|\\[wip]|wip:)\\s*)+", Pattern.CASE_INSENSITIVE);

    GitLabMergeRequests(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    @Override
    String collection() {
        return repositoryPath() + "/merge_requests";
    }

    @Override
    String openPath(String source, String target) {
        return collection() + "?state=opened&source_branch=" + PathSegment.encode(source) + "&target_branch="
                + PathSegment.encode(target);
    }

    @Override
    String branchPath(String branch) {
        return repositoryPath() + "/repository/branches/" + PathSegment.encode(branch);
    }

    @Override
    String branchCommit(JsonNode branch) {
        return branch.path("commit").path("id").asText("");
    }

    @Override
    MergeRequest read(JsonNode json) {
        MergeRequest.State state =
                switch (json.path("state").asText("")) {
                    case "merged" -> MergeRequest.State.MERGED;
                    // "locked" is the moment in which it is being merged.
                    case "opened", "locked" -> MergeRequest.State.OPEN;
                    default -> MergeRequest.State.CLOSED;
                };
        return new MergeRequest(
                json.path("iid").asLong(),
                json.path("web_url").asText(""),
                state,
                json.path("title").asText(""),
                new Branches(
                        json.path("source_branch").asText(""),
                        json.path("target_branch").asText("")),
                json.path("draft").asBoolean(json.path("work_in_progress").asBoolean()),
                commitOrNull(json.path("sha")));
    }

    @Override
    boolean fromHere(JsonNode json) {
        return json.path("source_project_id").equals(json.path("target_project_id"));
    }

    @Override
    MergeRequest open(MergeRequestDraft draft, List<String> notes) throws IOException, InterruptedException {
        ObjectNode body = object().put("source_branch", draft.source())
                .put("target_branch", draft.target())
                .put("title", title(draft.title(), draft.draft()))
                .put("description", draft.description())
                .put("remove_source_branch", draft.removeSourceBranch());
        return checked(calls().send("POST", collection(), body));
    }

    @Override
    MergeRequest change(MergeRequest open, MergeRequestDraft draft, List<String> notes)
            throws IOException, InterruptedException {
        ObjectNode body = object().put("title", title(draft.title(), draft.draft() || open.draft()))
                .put("description", draft.description());
        if (draft.removeSourceBranch()) {
            body.put("remove_source_branch", true);
        }
        return checked(calls().send("PUT", collection() + "/" + open.number(), body));
    }

    private static String title(String title, boolean draft) {
        String plain = DRAFT.matcher(title).replaceFirst("");
        String text = plain.isBlank() ? title : plain;
        return draft ? "Draft: " + text : text;
    }

    @Override
    public Comparison compare(String base, String head) throws IOException, InterruptedException {
        Set<String> paths = new HashSet<>();
        JsonNode answer = calls().get(repositoryPath() + "/repository/compare?from=" + PathSegment.encode(base) + "&to="
                + PathSegment.encode(head));
        answer.path("diffs").forEach(file -> add(paths, file, "old_path", "new_path"));
        return new Comparison(mergeBase(base, head).orElse(null), paths, commits(answer.path("commits"), "id"), false);
    }

    @Override
    public Optional<String> mergeBase(String base, String head) throws IOException, InterruptedException {
        String query = "?refs%5B%5D=" + PathSegment.encode(base) + "&refs%5B%5D=" + PathSegment.encode(head);
        return Optional.ofNullable(commitOrNull(
                calls().get(repositoryPath() + "/repository/merge_base" + query).path("id")));
    }

    @Override
    public void comment(long number, String text) throws IOException, InterruptedException {
        calls().send("POST", collection() + "/" + number + "/notes", object().put("body", text));
    }

    @Override
    public void makeDraft(MergeRequest open) throws IOException, InterruptedException {
        if (!open.draft()) {
            calls().send("PUT", collection() + "/" + open.number(), object().put("title", title(open.title(), true)));
        }
    }

    @Override
    void label(MergeRequest request, List<String> labels) throws IOException, InterruptedException {
        calls().send(
                        "PUT",
                        collection() + "/" + request.number(),
                        object().put("add_labels", String.join(",", labels)));
    }

    /** GitLab wants ids, and replaces those that it has. */
    @Override
    void ask(MergeRequest request, List<String> reviewers, List<String> notes)
            throws IOException, InterruptedException {
        Set<Long> ids = new LinkedHashSet<>();
        for (JsonNode each : calls().get(collection() + "/" + request.number()).path("reviewers")) {
            ids.add(each.path("id").asLong());
        }
        for (String reviewer : reviewers) {
            JsonNode found = calls().get("/users?username=" + PathSegment.encode(reviewer));
            long id = found.path(0).path("id").asLong();
            if (id == 0) {
                notes.add(Messages.MergeRequests_NoAccount(service(), reviewer));
            } else {
                ids.add(id);
            }
        }
        ObjectNode body = object();
        ArrayNode list = body.putArray("reviewer_ids");
        ids.forEach(list::add);
        calls().send("PUT", collection() + "/" + request.number(), body);
    }
}
