package io.jenkins.plugins.minibuild.webhook;

/** GitHub, as docs.github.com/webhooks/webhook-events-and-payloads has it. */
final class GitHubReader implements PayloadReader {
    /** From here on the list of commits is cut, and so are the files. */
    private static final int MOST_COMMITS = 2048;

    @Override
    public Delivery read(String key, String event, Payload body) throws PayloadException {
        DeliveryDraft draft = new DeliveryDraft(Provider.GITHUB, key, event).author(body.text("sender.login"));
        if (event.equals("ping")) {
            body.required("zen");
            return draft.kind(EventKind.PING).done();
        }
        boolean known = event.equals("push") || event.equals("pull_request") || event.equals("issue_comment");
        if (known) {
            body.required("repository.full_name");
        }
        draft.repository(
                body.text("repository.full_name"),
                body.text("repository.default_branch"),
                body.text("repository.clone_url"),
                body.text("repository.ssh_url"),
                body.text("repository.html_url"));
        switch (event) {
            case "push" -> push(draft, body);
            case "pull_request" -> pullRequest(draft, body);
            case "issue_comment" -> comment(draft, body);
            default -> draft.kind(EventKind.OTHER);
        }
        return draft.done();
    }

    private static void push(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload head = body.at("head_commit");
        draft.pushed(body.required("ref"))
                .commit(body.required("after"), body.is("deleted"))
                .author(head.first("author.name", "author.username"))
                .message(head.text("message"))
                .files(
                        body.changedFiles("commits"),
                        !body.is("created")
                                && !body.is("forced")
                                && body.list("commits").size() < MOST_COMMITS)
                .link(head.first("url").isEmpty() ? body.text("compare") : head.text("url"));
        if (head.text("author.name").isEmpty()) {
            draft.author(body.first("pusher.name", "sender.login"));
        }
    }

    private static void pullRequest(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload request = body.at("pull_request");
        long number = Long.max(request.number("number"), body.number("number"));
        if (number == 0) {
            throw new PayloadException("the field pull_request.number is missing");
        }
        draft.kind(
                        switch (body.text("action")) {
                            case "opened", "reopened", "ready_for_review" -> EventKind.OPENED;
                            case "synchronize" -> EventKind.UPDATED;
                            case "closed" -> request.is("merged") ? EventKind.MERGED : EventKind.OTHER;
                            default -> EventKind.OTHER;
                        })
                .merge(number, request.text("head.ref"), request.text("base.ref"), "refs/pull/" + number + "/head")
                .commit(request.text("head.sha"), false)
                .described(
                        request.text("title"),
                        request.text("body"),
                        request.is("draft"),
                        request.list("labels").stream()
                                .map(each -> each.text("name"))
                                .toList())
                .author(request.text("user.login"))
                .link(request.text("html_url"));
    }

    private static void comment(DeliveryDraft draft, Payload body) throws PayloadException {
        Payload issue = body.at("issue");
        boolean request = issue.at("pull_request").isPresent();
        long number = issue.number("number");
        if (number == 0) {
            throw new PayloadException("the field issue.number is missing");
        }
        draft.kind(request && body.text("action").equals("created") ? EventKind.COMMENT : EventKind.OTHER)
                .merge(number, "", "", "refs/pull/" + number + "/head")
                .described(
                        issue.text("title"),
                        issue.text("body"),
                        issue.is("draft"),
                        issue.list("labels").stream()
                                .map(each -> each.text("name"))
                                .toList())
                .author(body.first("comment.user.login", "sender.login"))
                .comment(body.text("comment.body"))
                .link(body.text("comment.html_url"));
    }
}
