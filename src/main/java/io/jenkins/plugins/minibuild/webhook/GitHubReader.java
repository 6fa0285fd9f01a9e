package io.jenkins.plugins.minibuild.webhook;

import java.util.List;

/** GitHub, by docs.github.com/webhooks/webhook-events-and-payloads. */
final class GitHubReader implements PayloadReader {
    /** GitHub cuts a longer list of commits, and their files with it. */
    private static final int MOST_COMMITS = 2048;

    @Override
    public List<Delivery> read(Delivery.Event event, Payload body) throws PayloadException {
        return List.of(
                switch (event.name()) {
                    case "ping" -> other(event.as(EventKind.PING), body);
                    case "push" -> push(event, body);
                    case "pull_request" -> pullRequest(event, body);
                    case "issue_comment" -> comment(event, body);
                    default -> other(event, body);
                });
    }

    private static Delivery other(Delivery.Event event, Payload body) {
        return Delivery.of(event, repository(body), body.text("sender.login"));
    }

    private static Delivery.Repository repository(Payload body) {
        return new Delivery.Repository(
                body.text("repository.full_name"),
                List.of(
                        body.text("repository.clone_url"),
                        body.text("repository.ssh_url"),
                        body.text("repository.html_url")),
                body.text("repository.default_branch"));
    }

    private static Delivery push(Delivery.Event event, Payload body) throws PayloadException {
        body.required("repository.full_name");
        String name = body.required("ref");
        if (!Delivery.Ref.isOfInterest(name)) {
            return other(event, body);
        }
        String after = body.pushedCommit("head_commit.id");
        Delivery.Ref ref = Delivery.Ref.pushed(name, after, body.is("deleted"));
        int commits = body.list("commits").size();
        // A push that lists no commits moves the branch to one that was pushed before: which files differ is not said.
        boolean allFiles = !body.is("created") && !body.is("forced") && commits > 0 && commits < MOST_COMMITS;
        Delivery.Change change = new Delivery.Change(
                ref.deleted() ? "" : after,
                body.first("head_commit.author.name", "pusher.name", "sender.login"),
                body.text("head_commit.message"),
                body.changedFiles("commits"),
                allFiles,
                body.first("head_commit.url", "compare"));
        return Delivery.push(event, repository(body), ref, change);
    }

    private static Delivery pullRequest(Delivery.Event event, Payload body) throws PayloadException {
        body.required("repository.full_name");
        Payload request = body.at("pull_request");
        long number = Long.max(request.number("number"), body.number("number"));
        if (number == 0) {
            throw new PayloadException("the field pull_request.number is missing");
        }
        EventKind kind =
                switch (body.text("action")) {
                    case "opened", "reopened", "ready_for_review" -> EventKind.OPENED;
                    case "synchronize" -> EventKind.UPDATED;
                    case "closed" -> request.is("merged") ? EventKind.MERGED : EventKind.OTHER;
                    default -> EventKind.OTHER;
                };
        return new Delivery(
                event.as(kind),
                repository(body),
                Delivery.Ref.source("refs/pull/" + number + "/head", request.text("head.ref")),
                Delivery.Change.withoutFiles(
                        request.text("head.sha"),
                        request.text("user.login"),
                        request.text("body"),
                        request.text("html_url")),
                Delivery.MergeRequest.of(
                        number,
                        request.text("base.ref"),
                        request.text("title"),
                        request.is("draft"),
                        request.texts("labels", "name"),
                        "",
                        trust(body, request)));
    }

    private static Delivery comment(Delivery.Event event, Payload body) throws PayloadException {
        body.required("repository.full_name");
        Payload issue = body.at("issue");
        long number = issue.number("number");
        if (number == 0) {
            throw new PayloadException("the field issue.number is missing");
        }
        boolean created =
                issue.at("pull_request").isPresent() && body.text("action").equals("created");
        return new Delivery(
                event.as(created ? EventKind.COMMENT : EventKind.OTHER),
                repository(body),
                Delivery.Ref.source("refs/pull/" + number + "/head", ""),
                Delivery.Change.withoutFiles(
                        "",
                        body.first("comment.user.login", "sender.login"),
                        issue.text("body"),
                        body.text("comment.html_url")),
                Delivery.MergeRequest.of(
                        number,
                        "",
                        issue.text("title"),
                        issue.is("draft"),
                        issue.texts("labels", "name"),
                        body.text("comment.body"),
                        new Trust(
                                Trust.Origin.UNKNOWN,
                                Trust.standing(body.text("comment.author_association")),
                                body.text("comment.user.login"))));
    }

    /** The association is that of the author; who else pushes to the fork is not known by it. */
    private static Trust trust(Payload body, Payload request) {
        String actor = body.first("sender.login", "pull_request.user.login");
        boolean own = actor.equals(request.text("user.login"));
        return new Trust(
                Trust.origin(request.text("head.repo.full_name"), request.text("base.repo.full_name")),
                own ? Trust.standing(request.text("author_association")) : Trust.Standing.UNKNOWN,
                actor);
    }
}
