package io.jenkins.plugins.minibuild.webhook;

import java.util.List;
import java.util.Optional;

/** GitLab, by docs.gitlab.com/user/project/integrations/webhook_events. */
final class GitLabReader implements PayloadReader {
    @Override
    public List<Delivery> read(Delivery.Event event, Payload body) throws PayloadException {
        String kind = body.text("object_kind");
        if (event.name().equals("System Hook") || kind.isEmpty()) {
            throw new PayloadException("the field object_kind is missing, or it is a system hook");
        }
        return List.of(
                switch (kind) {
                    case "push", "tag_push" -> push(event, body);
                    case "merge_request" -> mergeRequest(event, body);
                    case "note" -> comment(event, body);
                    default -> Delivery.of(event);
                });
    }

    private static Delivery.Repository repository(Payload body) throws PayloadException {
        Payload project = body.at("project");
        return new Delivery.Repository(
                project.required("path_with_namespace"),
                List.of(project.text("git_http_url"), project.text("git_ssh_url"), project.text("web_url")),
                project.text("default_branch"));
    }

    private static String user(Payload body) {
        return body.first("user.name", "user_name", "user.username", "user_username");
    }

    private static Delivery push(Delivery.Event event, Payload body) throws PayloadException {
        Delivery.Repository repository = repository(body);
        String name = body.required("ref");
        if (!Delivery.Ref.isOfInterest(name)) {
            return Delivery.of(event, repository, user(body));
        }
        String after = body.pushedCommit("checkout_sha");
        Delivery.Ref ref = Delivery.Ref.pushed(name, after, false);
        List<Payload> commits = body.list("commits");
        // A push that lists no commits moves the branch to one that was pushed before: which files differ is not said.
        boolean allFiles = !commits.isEmpty()
                && body.number("total_commits_count") == commits.size()
                && !body.text("before").matches("0{40}|0{64}");
        Optional<Payload> head =
                commits.stream().filter(each -> each.text("id").equals(after)).findFirst();
        String headMessage = head.map(each -> each.text("message")).orElse("");
        Delivery.Change change = new Delivery.Change(
                after,
                head.map(each -> each.text("author.name")).orElse(user(body)),
                // An annotated tag has a message of its own.
                body.text("message").isEmpty() ? headMessage : body.text("message"),
                body.changedFiles("commits"),
                allFiles,
                head.map(each -> each.text("url")).orElse(""));
        return Delivery.push(event, repository, ref, change);
    }

    private static Delivery mergeRequest(Delivery.Event event, Payload body) throws PayloadException {
        Payload request = body.at("object_attributes");
        EventKind kind =
                switch (request.text("action")) {
                    case "open", "reopen" -> EventKind.OPENED;
                    case "update" -> {
                        if (!request.text("oldrev").isEmpty()) {
                            yield EventKind.UPDATED;
                        }
                        // A merge request that is no longer a draft counts as opened.
                        Payload change = body.at("changes.draft");
                        yield change.is("previous") && !change.is("current") ? EventKind.OPENED : EventKind.OTHER;
                    }
                    case "merge" -> EventKind.MERGED;
                    default -> EventKind.OTHER;
                };
        return mergeRequest(event.as(kind), request, body, "");
    }

    private static Delivery comment(Delivery.Event event, Payload body) throws PayloadException {
        Payload note = body.at("object_attributes");
        if (!note.text("noteable_type").equals("MergeRequest")) {
            return Delivery.of(event, repository(body), user(body));
        }
        String action = note.text("action");
        EventKind kind = action.isEmpty() || action.equals("create") ? EventKind.COMMENT : EventKind.OTHER;
        return mergeRequest(event.as(kind), body.at("merge_request"), body, note.text("note"));
    }

    private static Delivery mergeRequest(Delivery.Event event, Payload request, Payload body, String comment)
            throws PayloadException {
        Delivery.Repository repository = repository(body);
        long number = request.number("iid");
        if (number == 0) {
            throw new PayloadException("the number of the merge request (iid) is missing");
        }
        return new Delivery(
                event,
                repository,
                Delivery.Ref.source("refs/merge-requests/" + number + "/head", request.text("source_branch")),
                Delivery.Change.withoutFiles(
                        request.text("last_commit.id"),
                        user(body),
                        request.first("last_commit.message", "description"),
                        body.text("object_attributes.url")),
                Delivery.MergeRequest.of(
                        number,
                        request.text("target_branch"),
                        request.text("title"),
                        request.is("draft") || request.is("work_in_progress"),
                        (body.list("labels").isEmpty() ? request : body).texts("labels", "title"),
                        comment,
                        new Trust(
                                Trust.origin(
                                        number(request.number("source_project_id")),
                                        number(request.number("target_project_id"))),
                                Trust.Standing.UNKNOWN,
                                number(body.number("user.id")))));
    }

    /** Empty for none. */
    private static String number(long value) {
        return value <= 0 ? "" : String.valueOf(value);
    }
}
