package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** GitHub's, as documented: docs.github.com/rest/pulls. */
final class GitHubPullRequests extends PullRequests {
    GitHubPullRequests(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    @Override
    String openPath(String source, String target) {
        return collection() + "?state=open&head=" + PathSegment.encode(owner() + ":" + source) + "&base="
                + PathSegment.encode(target);
    }

    @Override
    MergeRequest open(MergeRequestDraft draft, List<String> notes) throws IOException, InterruptedException {
        noteRemoval(draft, notes);
        ObjectNode body = object().put("title", draft.title())
                .put("head", draft.source())
                .put("base", draft.target())
                .put("body", draft.description());
        if (!draft.draft()) {
            return checked(calls().send("POST", collection(), body));
        }
        try {
            return checked(calls().send("POST", collection(), body.deepCopy().put("draft", true)));
        } catch (MergeRequestProblem e) {
            if (e.kind() != Kind.REFUSED
                    || !e.getMessage().toLowerCase(Locale.ROOT).contains("draft")) {
                throw e;
            }
            MergeRequest request = checked(calls().send("POST", collection(), body));
            notes.add(Messages.MergeRequests_NoDraft(service()));
            return request;
        }
    }

    @Override
    MergeRequest change(MergeRequest open, MergeRequestDraft draft, List<String> notes)
            throws IOException, InterruptedException {
        noteRemoval(draft, notes);
        if (draft.draft() && !open.draft()) {
            // Only GitHub's GraphQL API can change it.
            notes.add(Messages.MergeRequests_NotMadeDraft(service()));
        }
        return checked(calls().send(
                        "PATCH",
                        collection() + "/" + open.number(),
                        object().put("title", draft.title()).put("body", draft.description())));
    }

    private void noteRemoval(MergeRequestDraft draft, List<String> notes) {
        if (draft.removeSourceBranch()) {
            notes.add(Messages.MergeRequests_GitHubRemoval());
        }
    }

    /** As an issue's: the comments of a pull request itself are about lines. */
    @Override
    public void comment(long number, String text) throws IOException, InterruptedException {
        calls().send("POST", repositoryPath() + "/issues/" + number + "/comments", object().put("body", text));
    }

    /** Only GitHub's GraphQL API can. */
    @Override
    public void makeDraft(MergeRequest open) {}

    @Override
    void label(MergeRequest request, List<String> labels) throws IOException, InterruptedException {
        ObjectNode body = object();
        labels.forEach(body.putArray("labels")::add);
        calls().send("POST", repositoryPath() + "/issues/" + request.number() + "/labels", body);
    }

    @Override
    void ask(MergeRequest request, List<String> reviewers, List<String> notes)
            throws IOException, InterruptedException {
        ObjectNode body = object();
        reviewers.forEach(body.putArray("reviewers")::add);
        calls().send("POST", collection() + "/" + request.number() + "/requested_reviewers", body);
    }
}
