package io.jenkins.plugins.minibuild.webhook;

/** Gitee, as its help has it: "WebHook push data formats". */
final class GiteeReader implements PayloadReader {
    /** Gitee lists the newest commits only. */
    private static final int MOST_COMMITS = 20;

    @Override
    public Delivery read(String key, String event, Payload body) throws PayloadException {
        DeliveryDraft draft = new DeliveryDraft(Provider.GITEE, key, event);
        Payload repository = body.at("repository").isObject() ? body.at("repository") : body.at("project");
        boolean known = event.equals("Push Hook")
                || event.equals("Tag Push Hook")
                || event.equals("Merge Request Hook")
                || event.equals("Note Hook");
        if (!known) {
            return draft.kind(EventKind.OTHER).done();
        }
        repository.required("full_name");
        draft.repository(
                repository.first("full_name", "path_with_namespace"),
                repository.text("default_branch"),
                repository.first("git_http_url", "clone_url"),
                repository.first("git_ssh_url", "ssh_url"),
                repository.first("html_url", "url"));
        draft.author(body.first("sender.user_name", "sender.login"));
        switch (event) {
            case "Push Hook", "Tag Push Hook" -> push(draft, body);
            case "Merge Request Hook" -> mergeRequest(draft, body);
            default -> comment(draft, body);
        }
        return draft.done();
    }

    private static void push(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload head = body.at("head_commit");
        int commits = body.list("commits").size();
        draft.pushed(body.required("ref"))
                .commit(body.required("after"), body.is("deleted"))
                .author(head.first("author.name", "author.user_name"))
                .message(head.text("message"))
                .files(
                        body.changedFiles("commits"),
                        !body.is("created")
                                && !body.is("commits_more_than_ten")
                                && commits < MOST_COMMITS
                                && (body.number("total_commits_count") == 0
                                        || body.number("total_commits_count") == commits))
                .link(head.text("url").isEmpty() ? body.text("compare") : head.text("url"));
        if (head.first("author.name", "author.user_name").isEmpty()) {
            draft.author(body.first("user_name", "pusher.name", "sender.login"));
        }
    }

    private static void mergeRequest(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload request = body.at("pull_request");
        long number = number(request, body.number("iid"));
        draft.kind(
                switch (body.text("action")) {
                    case "open", "reopen" -> EventKind.OPENED;
                    case "update" ->
                        // Labels, assignees and the target can be updated too; only new commits are an update here.
                        body.text("action_desc").equals("source_branch_changed") ? EventKind.UPDATED : EventKind.OTHER;
                    case "merge" -> EventKind.MERGED;
                    default -> EventKind.OTHER;
                });
        describe(draft, request, number);
        draft.author(request.first("user.user_name", "user.login")).link(request.text("html_url"));
    }

    private static void comment(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload request = body.at("pull_request");
        if (!body.text("noteable_type").equals("PullRequest") || !request.isObject()) {
            draft.kind(EventKind.OTHER);
            return;
        }
        draft.kind(body.text("action").equals("comment") ? EventKind.COMMENT : EventKind.OTHER);
        describe(draft, request, number(request, 0));
        draft.author(body.first("comment.user.user_name", "comment.user.login", "author.user_name"))
                .comment(body.first("comment.body", "note"))
                .link(body.first("comment.html_url", "url"));
    }

    private static long number(Payload request, long other) throws PayloadException {
        long number = Long.max(request.number("number"), other);
        if (number == 0) {
            throw new PayloadException("the field pull_request.number is missing");
        }
        return number;
    }

    private static void describe(DeliveryDraft draft, Payload request, long number) throws PayloadException {
        draft.merge(number, request.text("head.ref"), request.text("base.ref"), "refs/pull/" + number + "/head")
                .commit(request.text("head.sha"), false)
                .described(
                        request.text("title"),
                        request.text("body"),
                        request.is("draft"),
                        request.list("labels").stream()
                                .map(each -> each.text("name"))
                                .toList());
    }
}
