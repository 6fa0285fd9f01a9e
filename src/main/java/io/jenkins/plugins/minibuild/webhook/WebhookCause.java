package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.step.SourceCause;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A delivery started the build. While the build waits in the queue, a newer delivery about the same branch, tag or merge request takes the place of
 * the older one. Causes about the same are equal, so that Jenkins lists one of them. All text is from outside.
 */
public final class WebhookCause extends SourceCause {
    /** See {@link Delivery#subjectKey}. */
    private final String subject;
    /** The delivery as JSON, as XStream does not store records. */
    private volatile String json;
    /** How many deliveries the build includes. */
    private int count = 1;

    private transient volatile Delivery delivery;

    WebhookCause(Delivery delivery) {
        this.subject = delivery.subjectKey();
        this.json = write(delivery);
        this.delivery = delivery;
    }

    private static String write(Delivery delivery) {
        return Json.text(delivery.brief());
    }

    /** Takes the place of an older delivery about the same. */
    synchronized void replace(Delivery newer) {
        json = write(newer);
        delivery = newer;
        count++;
    }

    private synchronized int count() {
        return count;
    }

    /** The newest delivery; null if the stored JSON cannot be read. */
    @CheckForNull
    Delivery delivery() {
        Delivery known = delivery;
        if (known == null && json != null) {
            try {
                known = Json.MAPPER.readValue(json, Delivery.class);
                delivery = known;
            } catch (JsonProcessingException e) {
                return null;
            }
        }
        return known;
    }

    @Override
    @CheckForNull
    public SourceCommit source() {
        Delivery known = delivery();
        return known == null ? null : known.source();
    }

    @Override
    public List<String> people() {
        Delivery known = delivery();
        return known == null || known.change().author().isEmpty()
                ? List.of()
                : List.of(known.change().author());
    }

    /** The page of the commit or merge request at the service; empty if there is none. */
    public String getLink() {
        Delivery known = delivery();
        return known == null ? "" : known.change().link();
    }

    /** The first line of the message; may be empty. */
    public String getSubject() {
        Delivery known = delivery();
        return known == null ? "" : known.subject();
    }

    @Override
    public String getShortDescription() {
        Delivery known = delivery();
        if (known == null) {
            return Messages.WebhookCause_unknown();
        }
        String provider = known.event().provider().title();
        String author = known.change().author();
        String ref = known.ref().shortName();
        String commit = orDash(known.change().shortCommit());
        String text =
                switch (known.kind()) {
                    case PUSH -> Messages.WebhookCause_push(provider, author, ref, commit);
                    case TAG -> Messages.WebhookCause_tag(provider, author, ref, commit);
                    default ->
                        Messages.WebhookCause_merge(
                                provider,
                                author,
                                String.valueOf(known.mergeRequest().number()),
                                orDash(ref),
                                orDash(known.mergeRequest().target()),
                                commit,
                                known.kind().name().toLowerCase(Locale.ROOT));
                };
        String subjectLine = known.subject().isEmpty() ? text : text + ": " + known.subject();
        int all = count();
        return all > 1 ? subjectLine + " " + Messages.WebhookCause_more(all - 1) : subjectLine;
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WebhookCause cause && Objects.equals(subject, cause.subject);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(subject);
    }
}
