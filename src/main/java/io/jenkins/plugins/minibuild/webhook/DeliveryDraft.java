package io.jenkins.plugins.minibuild.webhook;

import io.jenkins.plugins.minibuild.checkout.RefName;
import java.util.List;
import java.util.regex.Pattern;

/** A delivery while it is read. */
final class DeliveryDraft {
    /** In a title; a word in front of others ("Draft the contract") says nothing, but WIP is none. */
    private static final Pattern UNFINISHED =
            Pattern.compile("(?i)\\s*(\\[(wip|draft)]|[(（](wip|draft)[)）]|(wip|draft)\\s*[:：]|wip\\s)");

    private final Provider provider;
    private final String key;
    private final String event;
    private EventKind kind = EventKind.OTHER;
    private String repository = "";
    private List<String> urls = List.of();
    private String defaultBranch = "";
    private String branch = "";
    private String target = "";
    private String tag = "";
    private String commit = "";
    private boolean deleted;
    private String author = "";
    private String message = "";
    private String title = "";
    private long number;
    private String ref = "";
    private boolean draft;
    private List<String> labels = List.of();
    private List<String> files = List.of();
    private boolean filesComplete;
    private String comment = "";
    private String link = "";

    DeliveryDraft(Provider provider, String key, String event) {
        this.provider = provider;
        this.key = key;
        this.event = event;
    }

    DeliveryDraft kind(EventKind value) {
        kind = value;
        return this;
    }

    DeliveryDraft repository(String name, String defaultOne, String... addresses) {
        repository = name;
        defaultBranch = defaultOne.startsWith("refs/heads/") ? defaultOne.substring(11) : defaultOne;
        urls = List.of(addresses).stream()
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
        return this;
    }

    /** A whole ref name: a branch or a tag. Makes the kind a push or a tag. */
    DeliveryDraft pushed(String whole) throws PayloadException {
        ref = whole;
        if (whole.startsWith("refs/heads/")) {
            branch = whole.substring(11);
            kind = EventKind.PUSH;
        } else if (whole.startsWith("refs/tags/")) {
            tag = whole.substring(10);
            kind = EventKind.TAG;
        } else {
            throw new PayloadException("the ref is neither a branch nor a tag");
        }
        checkName(branch.isEmpty() ? tag : branch);
        return this;
    }

    /** The ids before and after; zeros after mean that it was deleted. */
    DeliveryDraft commit(String after, boolean gone) {
        deleted = gone || after.matches("0{40}|0{64}");
        commit = deleted ? "" : after;
        return this;
    }

    /** No service sends another, and scripts of jobs make paths of it. */
    private static void checkName(String ref) throws PayloadException {
        if (!ref.isEmpty() && !RefName.isValid(ref)) {
            throw new PayloadException("the name of a branch or tag is none that git allows");
        }
    }

    DeliveryDraft merge(long id, String source, String into, String whole) throws PayloadException {
        checkName(source);
        checkName(into);
        number = id;
        branch = source;
        target = into;
        ref = whole;
        return this;
    }

    DeliveryDraft described(String name, String text, boolean unfinished, List<String> with) {
        title = name;
        message = text;
        draft = unfinished || UNFINISHED.matcher(name).lookingAt();
        labels = with;
        return this;
    }

    DeliveryDraft author(String value) {
        author = value;
        return this;
    }

    DeliveryDraft message(String value) {
        message = value;
        return this;
    }

    DeliveryDraft files(List<String> value, boolean complete) {
        files = value;
        filesComplete = complete;
        return this;
    }

    DeliveryDraft comment(String value) {
        comment = value;
        return this;
    }

    DeliveryDraft link(String value) {
        link = value;
        return this;
    }

    Delivery done() {
        return new Delivery(
                provider,
                kind,
                key,
                event,
                repository,
                urls,
                branch,
                target,
                tag,
                commit,
                deleted,
                author,
                message,
                title,
                number,
                ref,
                draft,
                labels,
                files,
                filesComplete,
                comment,
                link,
                defaultBranch);
    }
}
