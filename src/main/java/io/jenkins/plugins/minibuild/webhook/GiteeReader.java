package io.jenkins.plugins.minibuild.webhook;

import java.util.List;

/** Gitee, by its help page "WebHook push data formats". */
final class GiteeReader implements PayloadReader {
    /** Gitee lists only this many of the newest commits. */
    private static final int MOST_COMMITS = 20;

    @Override
    public List<Delivery> read(Delivery.Event event, Payload body) throws PayloadException {
        return List.of(
                switch (event.name()) {
                    case "Push Hook", "Tag Push Hook" -> push(event, body);
                    case "Merge Request Hook" -> mergeRequest(event, body);
                    case "Note Hook" -> comment(event, body);
                    default -> Delivery.of(event);
                });
    }

    private static Delivery.Repository repository(Payload body) throws PayloadException {
        Payload repository = body.at("repository").isObject() ? body.at("repository") : body.at("project");
        repository.required("full_name");
        return new Delivery.Repository(
                repository.first("full_name", "path_with_namespace"),
                List.of(
                        repository.first("git_http_url", "clone_url"),
                        repository.first("git_ssh_url", "ssh_url"),
                        repository.first("html_url", "url")),
                repository.text("default_branch"));
    }

    private static Delivery push(Delivery.Event event, Payload body) throws PayloadException {
        Delivery.Repository repository = repository(body);
        String name = body.required("ref");
        if (!Delivery.Ref.isOfInterest(name)) {
            return Delivery.of(event, repository, body.first("user_name", "pusher.name", "sender.login"));
        }
        String after = body.pushedCommit("head_commit.id");
        Delivery.Ref ref = Delivery.Ref.pushed(name, after, body.is("deleted"));
        int commits = body.list("commits").size();
        long total = body.number("total_commits_count");
        // A push that lists no commits moves the branch to one that was pushed before: which files differ is not said.
        boolean allFiles = !body.is("created")
                && !body.is("commits_more_than_ten")
                && commits > 0
                && commits < MOST_COMMITS
                && (total == 0 || total == commits);
        Delivery.Change change = new Delivery.Change(
                ref.deleted() ? "" : after,
                body.first(
                        "head_commit.author.name",
                        "head_commit.author.user_name",
                        "user_name",
                        "pusher.name",
                        "sender.login"),
                body.text("head_commit.message"),
                body.changedFiles("commits"),
                allFiles,
                body.first("head_commit.url", "compare"));
        return Delivery.push(event, repository, ref, change);
    }

    private static Delivery mergeRequest(Delivery.Event event, Payload body) throws PayloadException {
        EventKind kind =
                switch (body.text("action")) {
                    case "open", "reopen" -> EventKind.OPENED;
                    case "update" ->
                        // Gitee also sends updates of labels, assignees and the target. Only new commits count here.
                        body.text("action_desc").equals("source_branch_changed") ? EventKind.UPDATED : EventKind.OTHER;
                    case "merge" -> EventKind.MERGED;
                    default -> EventKind.OTHER;
                };
        Payload request = body.at("pull_request");
        return mergeRequest(
                event.as(kind), body, request.first("user.user_name", "user.login"), "", request.text("html_url"));
    }

    private static Delivery comment(Delivery.Event event, Payload body) throws PayloadException {
        if (!body.text("noteable_type").equals("PullRequest")
                || !body.at("pull_request").isObject()) {
            return Delivery.of(event, repository(body), body.first("sender.user_name", "sender.login"));
        }
        return mergeRequest(
                event.as(body.text("action").equals("comment") ? EventKind.COMMENT : EventKind.OTHER),
                body,
                body.first("comment.user.user_name", "comment.user.login", "author.user_name"),
                body.first("comment.body", "note"),
                body.first("comment.html_url", "url"));
    }

    private static Delivery mergeRequest(Delivery.Event event, Payload body, String author, String comment, String link)
            throws PayloadException {
        Delivery.Repository repository = repository(body);
        Payload request = body.at("pull_request");
        long number = Long.max(request.number("number"), body.number("iid"));
        if (number == 0) {
            throw new PayloadException("the field pull_request.number is missing");
        }
        return new Delivery(
                event,
                repository,
                Delivery.Ref.source("refs/pull/" + number + "/head", request.text("head.ref")),
                Delivery.Change.withoutFiles(request.text("head.sha"), author, request.text("body"), link),
                Delivery.MergeRequest.of(
                        number,
                        request.text("base.ref"),
                        request.text("title"),
                        request.is("draft"),
                        request.texts("labels", "name"),
                        comment,
                        new Trust(
                                Trust.origin(
                                        request.at("head.repo").first("full_name", "path_with_namespace"),
                                        request.at("base.repo").first("full_name", "path_with_namespace")),
                                Trust.Standing.UNKNOWN,
                                event.kind() == EventKind.COMMENT
                                        ? body.first("comment.user.login", "author.login", "sender.login")
                                        : body.first("sender.login", "pull_request.user.login"))));
    }
}
