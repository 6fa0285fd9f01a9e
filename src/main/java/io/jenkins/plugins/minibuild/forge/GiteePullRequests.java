package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Gitee's, as documented: gitee.com/api/v5/swagger, "Pull Requests". */
final class GiteePullRequests extends PullRequests {
    private static final String UNFINISHED = "[WIP] ";

    GiteePullRequests(Forge forge, ForgeCalls calls, String owner, String name) {
        super(forge, calls, owner, name);
    }

    @Override
    String openPath(String source, String target) {
        return collection() + "?state=open&head=" + PathSegment.encode(source) + "&base=" + PathSegment.encode(target);
    }

    @Override
    MergeRequest open(MergeRequestDraft draft, List<String> notes) throws IOException, InterruptedException {
        ObjectNode body = object().put("title", draft.title())
                .put("head", draft.source())
                .put("base", draft.target())
                .put("body", draft.description())
                .put("prune_source_branch", draft.removeSourceBranch());
        if (draft.draft()) {
            body.put("draft", true);
        }
        return checked(calls().send("POST", collection(), body));
    }

    @Override
    MergeRequest change(MergeRequest open, MergeRequestDraft draft, List<String> notes)
            throws IOException, InterruptedException {
        ObjectNode body = object().put("title", draft.title()).put("body", draft.description());
        if (draft.draft()) {
            body.put("draft", true);
        }
        if (draft.removeSourceBranch()) {
            // The API takes it only when one is opened.
            notes.add(Messages.MergeRequests_GiteeRemoval());
        }
        return checked(calls().send("PATCH", collection() + "/" + open.number(), body));
    }

    @Override
    public void comment(long number, String text) throws IOException, InterruptedException {
        calls().send("POST", collection() + "/" + number + "/comments", object().put("body", text));
    }

    /** The beginning of the title is for installations that do not know drafts. */
    @Override
    public void makeDraft(MergeRequest open) throws IOException, InterruptedException {
        if (!open.draft() && !open.title().startsWith(UNFINISHED)) {
            calls().send(
                            "PATCH",
                            collection() + "/" + open.number(),
                            object().put("title", UNFINISHED + open.title()).put("draft", true));
        }
    }

    /** The one call whose body is a plain array. */
    @Override
    void label(MergeRequest request, List<String> labels) throws IOException, InterruptedException {
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        labels.forEach(body::add);
        calls().send("POST", collection() + "/" + request.number() + "/labels", body);
    }

    @Override
    void ask(MergeRequest request, List<String> reviewers, List<String> notes)
            throws IOException, InterruptedException {
        ObjectNode body = object().put("assignees", String.join(",", reviewers));
        calls().send("POST", collection() + "/" + request.number() + "/assignees", body);
    }
}
