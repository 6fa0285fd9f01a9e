package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.step.SourceCause;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.util.Locale;
import java.util.Objects;

/**
 * That a delivery started a build. While the build waits in the queue, newer deliveries about the same branch, tag or merge request take
 * its place. Equal to every other about the same, so that Jenkins does not list them all. All text is from outside.
 */
public final class WebhookCause extends SourceCause {
    /** See {@link Delivery#subjectKey}. */
    private final String subject;
    /** The delivery as JSON, as XStream does not store records. */
    private volatile String json;
    /** How many deliveries it stands for. */
    private int count = 1;

    private transient volatile Delivery delivery;

    WebhookCause(Delivery delivery) {
        this.subject = delivery.subjectKey();
        this.json = write(delivery);
        this.delivery = delivery;
    }

    private static String write(Delivery delivery) {
        try {
            return JsonBody.MAPPER.writeValueAsString(delivery.brief());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of text can be written", e);
        }
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

    /** The newest delivery; null if what was stored cannot be read. */
    @CheckForNull
    Delivery delivery() {
        Delivery known = delivery;
        if (known == null && json != null) {
            try {
                known = JsonBody.MAPPER.readValue(json, Delivery.class);
                delivery = known;
            } catch (JsonProcessingException e) {
                return null;
            }
        }
        return known;
    }

    String subject() {
        return subject;
    }

    @Override
    @CheckForNull
    public SourceCommit source() {
        Delivery known = delivery();
        return known == null ? null : known.source();
    }

    /** The page of the commit or merge request at the service; empty if there is none. */
    public String getLink() {
        Delivery known = delivery();
        return known == null ? "" : known.link();
    }

    /** The first line of the message; may be empty. */
    public String getSubject() {
        Delivery known = delivery();
        return known == null ? "" : known.subject();
    }

    /** What happened, by whom, where. */
    @Override
    public String getShortDescription() {
        Delivery known = delivery();
        if (known == null) {
            return Messages.WebhookCause_unknown();
        }
        String provider = known.provider().title();
        String commit = known.commit().isEmpty() ? "-" : known.commit().substring(0, 10);
        String text =
                switch (known.kind()) {
                    case PUSH -> Messages.WebhookCause_push(provider, known.author(), known.branch(), commit);
                    case TAG -> Messages.WebhookCause_tag(provider, known.author(), known.tag(), commit);
                    default ->
                        Messages.WebhookCause_merge(
                                provider,
                                known.author(),
                                String.valueOf(known.number()),
                                known.branch().isEmpty() ? "-" : known.branch(),
                                known.target().isEmpty() ? "-" : known.target(),
                                commit,
                                known.kind().name().toLowerCase(Locale.ROOT));
                };
        String subjectLine = known.subject().isEmpty() ? text : text + ": " + known.subject();
        int all = count();
        return all > 1 ? subjectLine + " " + Messages.WebhookCause_more(all - 1) : subjectLine;
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
