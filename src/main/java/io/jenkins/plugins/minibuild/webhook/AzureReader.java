package io.jenkins.plugins.minibuild.webhook;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Azure DevOps, by learn.microsoft.com/azure/devops/service-hooks/events. */
final class AzureReader implements PayloadReader {
    /** A push of a whole mirror can have more refs; only these are read. */
    private static final int MOST_REFS = 50;

    private static final String COMMENT = "ms.vss-code.git-pullrequest-comment-event";

    @Override
    public List<Delivery> read(Delivery.Event given, Payload body) throws PayloadException {
        String type = body.text("eventType");
        if (type.isEmpty()) {
            throw new PayloadException(Provider.UNNAMED + ", and the field eventType is missing");
        }
        Delivery.Event event = new Delivery.Event(Provider.AZURE, EventKind.OTHER, type, given.key());
        Payload resource = body.at("resource");
        return switch (type) {
            case "git.push" -> pushes(event, resource);
            case "git.pullrequest.created", "git.pullrequest.updated", "git.pullrequest.merged" ->
                List.of(pullRequest(event.as(kind(body)), resource, resource, ""));
            case COMMENT ->
                List.of(pullRequest(
                        event.as(isNew(resource.at("comment")) ? EventKind.COMMENT : EventKind.OTHER),
                        resource,
                        resource.at("pullRequest"),
                        resource.text("comment.content")));
            default -> List.of(Delivery.of(event));
        };
    }

    /** Azure sends the same event when a comment is edited or deleted. */
    private static boolean isNew(Payload comment) {
        String published = comment.text("publishedDate");
        boolean edited = Stream.of("lastUpdatedDate", "lastContentUpdatedDate")
                .map(comment::text)
                .anyMatch(each -> !each.isEmpty() && !published.isEmpty() && !sameTime(each, published));
        return !edited && !comment.is("isDeleted");
    }

    /** Nobody edits a comment within a second. */
    private static boolean sameTime(String one, String other) {
        try {
            return Duration.between(OffsetDateTime.parse(one), OffsetDateTime.parse(other))
                            .abs()
                            .compareTo(Duration.ofSeconds(1))
                    <= 0;
        } catch (DateTimeParseException e) {
            return one.equals(other);
        }
    }

    private static Delivery.Repository repository(Payload repository) throws PayloadException {
        String name = repository.required("name");
        String project = repository.text("project.name");
        return new Delivery.Repository(
                project.isEmpty() ? name : project + "/" + name,
                List.of(
                        withoutUser(repository.text("remoteUrl")),
                        repository.text("sshUrl"),
                        repository.text("webUrl")),
                repository.text("defaultBranch"));
    }

    private static List<Delivery> pushes(Delivery.Event event, Payload resource) throws PayloadException {
        Delivery.Repository repository = repository(resource.at("repository"));
        List<Payload> updates = resource.list("refUpdates");
        if (updates.isEmpty()) {
            throw new PayloadException("the field resource.refUpdates is missing");
        }
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < updates.size() && all.size() < MOST_REFS; i++) {
            if (Delivery.Ref.isOfInterest(updates.get(i).required("name"))) {
                Delivery.Event each = i == 0 ? event : event.withKey(event.key() + " " + i);
                all.add(push(each, repository, resource, updates.get(i)));
            }
        }
        return all.isEmpty() ? List.of(Delivery.of(event, repository, pusher(resource))) : all;
    }

    private static String pusher(Payload resource) {
        return resource.first("pushedBy.displayName", "pushedBy.uniqueName");
    }

    private static Delivery push(Delivery.Event event, Delivery.Repository repository, Payload resource, Payload update)
            throws PayloadException {
        String after = update.required("newObjectId");
        Delivery.Ref ref = Delivery.Ref.pushed(update.required("name"), after, false);
        Optional<Payload> head = resource.list("commits").stream()
                .filter(each -> each.text("commitId").equals(after))
                .findFirst();
        // The body lists commits without their files.
        Delivery.Change change = Delivery.Change.withoutFiles(
                after,
                head.map(each -> each.text("author.name")).orElse(pusher(resource)),
                head.map(each -> each.text("comment")).orElse(""),
                "");
        return Delivery.push(event, repository, ref, change);
    }

    private static EventKind kind(Payload body) {
        String type = body.text("eventType");
        String status = body.text("resource.status");
        if (type.equals("git.pullrequest.created")) {
            return EventKind.OPENED;
        }
        if (status.equals("completed")) {
            // Azure also sends "merged" for an attempt to merge, so the status decides.
            return EventKind.MERGED;
        }
        // Azure also sends updates of reviewers and votes; only the sentence tells new commits from these.
        boolean pushed = type.equals("git.pullrequest.updated")
                && status.equals("active")
                && body.text("message.text").contains("pushed");
        return pushed ? EventKind.UPDATED : EventKind.OTHER;
    }

    private static Delivery pullRequest(Delivery.Event event, Payload resource, Payload request, String comment)
            throws PayloadException {
        Delivery.Repository repository = repository(request.at("repository"));
        long number = request.number("pullRequestId");
        if (number == 0) {
            throw new PayloadException("the field pullRequestId is missing");
        }
        String author = event.name().equals(COMMENT) ? "comment.author" : "createdBy";
        String source = request.text("sourceRefName");
        return new Delivery(
                event,
                repository,
                Delivery.Ref.source(source, Delivery.shortName(source)),
                Delivery.Change.withoutFiles(
                        request.text("lastMergeSourceCommit.commitId"),
                        resource.first(author + ".displayName", author + ".uniqueName"),
                        request.text("description"),
                        request.text("_links.web.href")),
                Delivery.MergeRequest.of(
                        number,
                        Delivery.shortName(request.text("targetRefName")),
                        request.text("title"),
                        request.is("isDraft"),
                        request.texts("labels", "name"),
                        comment,
                        new Trust(
                                request.at("forkSource").isPresent() ? Trust.Origin.FORK : Trust.Origin.OWN,
                                Trust.Standing.UNKNOWN,
                                "")));
    }

    /** Azure puts the organisation before the host, {@code https://acme@dev.azure.com/...}. */
    private static String withoutUser(String url) {
        return url.replaceFirst("^(https?://)[^/@]*@", "$1");
    }
}
