package io.jenkins.plugins.minibuild.webhook;

import java.util.List;

/** GitLab, as docs.gitlab.com/user/project/integrations/webhook_events has it. */
final class GitLabReader implements PayloadReader {
    @Override
    public Delivery read(String key, String event, Payload body) throws PayloadException {
        DeliveryDraft draft = new DeliveryDraft(Provider.GITLAB, key, event);
        String kind = body.text("object_kind");
        if (event.equals("System Hook") || kind.isEmpty()) {
            throw new PayloadException("the field object_kind is missing, or it is a system hook");
        }
        boolean known = List.of("push", "tag_push", "merge_request", "note").contains(kind);
        if (!known) {
            return draft.kind(EventKind.OTHER).done();
        }
        Payload project = body.at("project");
        project.required("path_with_namespace");
        draft.repository(
                project.text("path_with_namespace"),
                project.text("default_branch"),
                project.text("git_http_url"),
                project.text("git_ssh_url"),
                project.text("web_url"));
        draft.author(body.first("user.name", "user_name", "user.username", "user_username"));
        switch (kind) {
            case "push", "tag_push" -> push(draft, body);
            case "merge_request" -> mergeRequest(draft, body);
            default -> comment(draft, body);
        }
        return draft.done();
    }

    private static void push(DeliveryDraft draft, Payload body) throws PayloadException {
        String after = body.required("after");
        List<Payload> commits = body.list("commits");
        draft.pushed(body.required("ref"))
                .commit(after, false)
                .files(
                        body.changedFiles("commits"),
                        body.number("total_commits_count") == commits.size()
                                && !body.text("before").matches("0{40}|0{64}"));
        commits.stream()
                .filter(each -> each.text("id").equals(after))
                .findFirst()
                .ifPresent(head -> draft.author(head.text("author.name"))
                        .message(head.text("message"))
                        .link(head.text("url")));
        if (!body.text("message").isEmpty()) {
            // An annotated tag has a message of its own.
            draft.message(body.text("message"));
        }
    }

    private static void mergeRequest(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload request = body.at("object_attributes");
        draft.kind(
                switch (request.text("action")) {
                    case "open", "reopen" -> EventKind.OPENED;
                    case "update" -> {
                        if (!request.text("oldrev").isEmpty()) {
                            yield EventKind.UPDATED;
                        }
                        // No longer a draft: as good as opened.
                        Payload change = body.at("changes.draft");
                        yield change.is("previous") && !change.is("current") ? EventKind.OPENED : EventKind.OTHER;
                    }
                    case "merge" -> EventKind.MERGED;
                    default -> EventKind.OTHER;
                });
        describe(draft, request, body);
        draft.link(request.text("url"));
    }

    private static void comment(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload note = body.at("object_attributes");
        if (!note.text("noteable_type").equals("MergeRequest")) {
            draft.kind(EventKind.OTHER);
            return;
        }
        String action = note.text("action");
        draft.kind(action.isEmpty() || action.equals("create") ? EventKind.COMMENT : EventKind.OTHER);
        describe(draft, body.at("merge_request"), body);
        draft.comment(note.text("note")).link(note.text("url"));
    }

    private static void describe(DeliveryDraft draft, Payload request, Payload body) throws PayloadException {
        long number = request.number("iid");
        if (number == 0) {
            throw new PayloadException("the number of the merge request (iid) is missing");
        }
        List<Payload> labels = body.list("labels").isEmpty() ? request.list("labels") : body.list("labels");
        draft.merge(
                        number,
                        request.text("source_branch"),
                        request.text("target_branch"),
                        "refs/merge-requests/" + number + "/head")
                .commit(request.text("last_commit.id"), false)
                .described(
                        request.text("title"),
                        request.first("last_commit.message", "description"),
                        request.is("draft") || request.is("work_in_progress"),
                        labels.stream().map(each -> each.text("title")).toList());
    }
}
