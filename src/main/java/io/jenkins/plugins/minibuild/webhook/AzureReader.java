package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;

/** Azure DevOps, as learn.microsoft.com/azure/devops/service-hooks/events has it. */
final class AzureReader implements PayloadReader {
    /** Of a push of more, as of a whole mirror, the rest is not looked at. */
    private static final int MOST_REFS = 50;

    /** A push can tell of several refs. */
    @Override
    public List<Delivery> readAll(String key, String event, Payload body) throws PayloadException {
        List<Payload> updates =
                body.text("eventType").equals("git.push") ? body.at("resource").list("refUpdates") : List.of();
        List<Delivery> all = new ArrayList<>();
        for (int i = 1; i < Math.min(updates.size(), MOST_REFS); i++) {
            all.add(read(key + " " + i, body, updates.get(i)));
        }
        all.add(0, read(key, body, updates.isEmpty() ? null : updates.get(0)));
        return all;
    }

    @Override
    public Delivery read(String key, String event, Payload body) throws PayloadException {
        return readAll(key, event, body).get(0);
    }

    private static Delivery read(String key, Payload body, @CheckForNull Payload update) throws PayloadException {
        String kind = body.required("eventType");
        DeliveryDraft draft = new DeliveryDraft(Provider.AZURE, key, kind);
        Payload resource = body.at("resource");
        Payload repository = kind.equals("ms.vss-code.git-pullrequest-comment-event")
                ? resource.at("pullRequest.repository")
                : resource.at("repository");
        boolean known = kind.equals("git.push")
                || kind.equals("git.pullrequest.created")
                || kind.equals("git.pullrequest.updated")
                || kind.equals("git.pullrequest.merged")
                || kind.equals("ms.vss-code.git-pullrequest-comment-event");
        if (!known) {
            return draft.kind(EventKind.OTHER).done();
        }
        repository.required("name");
        String project = repository.text("project.name");
        draft.repository(
                project.isEmpty() ? repository.text("name") : project + "/" + repository.text("name"),
                repository.text("defaultBranch"),
                withoutUser(repository.text("remoteUrl")),
                repository.text("sshUrl"),
                repository.text("webUrl"));
        switch (kind) {
            case "git.push" -> push(draft, resource, update);
            case "git.pullrequest.created", "git.pullrequest.updated", "git.pullrequest.merged" ->
                pullRequest(draft, kind, body);
            default -> {
                describe(draft, resource.at("pullRequest"));
                draft.kind(EventKind.COMMENT)
                        .author(resource.first("comment.author.displayName", "comment.author.uniqueName"))
                        .comment(resource.text("comment.content"));
            }
        }
        return draft.done();
    }

    private static void push(DeliveryDraft draft, Payload resource, @CheckForNull Payload update)
            throws PayloadException {
        if (update == null) {
            throw new PayloadException("the field resource.refUpdates is missing");
        }
        String after = update.required("newObjectId");
        // The body lists commits without their files.
        draft.pushed(update.required("name")).commit(after, false).files(List.of(), false);
        draft.author(resource.first("pushedBy.displayName", "pushedBy.uniqueName"));
        resource.list("commits").stream()
                .filter(each -> each.text("commitId").equals(after))
                .findFirst()
                .ifPresent(head -> draft.author(head.text("author.name")).message(head.text("comment")));
    }

    private static void pullRequest(DeliveryDraft draft, String kind, Payload body) throws PayloadException {
        Payload request = body.at("resource");
        describe(draft, request);
        if (kind.equals("git.pullrequest.created")) {
            draft.kind(EventKind.OPENED);
        } else if (request.text("status").equals("completed")) {
            // "merged" is an attempt to merge as well, so the state decides.
            draft.kind(EventKind.MERGED);
        } else if (kind.equals("git.pullrequest.updated")
                && request.text("status").equals("active")
                && body.text("message.text").contains("pushed")) {
            // Reviewers and votes are updates too; only the sentence tells new commits from them.
            draft.kind(EventKind.UPDATED);
        } else {
            draft.kind(EventKind.OTHER);
        }
        draft.author(request.first("createdBy.displayName", "createdBy.uniqueName"));
    }

    private static void describe(DeliveryDraft draft, Payload request) throws PayloadException {
        long number = request.number("pullRequestId");
        if (number == 0) {
            throw new PayloadException("the field pullRequestId is missing");
        }
        String source = request.text("sourceRefName");
        draft.merge(number, shortName(source), shortName(request.text("targetRefName")), source)
                .commit(request.text("lastMergeSourceCommit.commitId"), false)
                .described(
                        request.text("title"),
                        request.text("description"),
                        request.is("isDraft"),
                        request.list("labels").stream()
                                .map(each -> each.text("name"))
                                .toList())
                .link(request.first("_links.web.href"));
    }

    private static String shortName(String ref) {
        return ref.startsWith("refs/heads/") ? ref.substring(11) : ref;
    }

    /** Azure puts the organisation before the host, {@code https://acme@dev.azure.com/...}. */
    private static String withoutUser(String url) {
        return url.replaceFirst("^(https?://)[^/@]*@", "$1");
    }
}
