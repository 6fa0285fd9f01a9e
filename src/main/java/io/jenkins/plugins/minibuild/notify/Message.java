package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One call to a service, as it waits in the outbox: everything but the address and the secrets, which are read when it is sent.
 *
 * @param id names its file; sorts by age
 * @param channel the channel that sends it
 * @param origin the event that it is about
 * @param content the texts
 * @param picture null for none
 * @param joined the messages that it replaces, for a digest; empty otherwise
 * @param attempts the attempts so far
 */
public record Message(
        String id,
        Channel.Id channel,
        Origin origin,
        Content content,
        @CheckForNull Picture picture,
        List<Joined> joined,
        Attempts attempts) {

    /**
     * The event that a message is about.
     *
     * @param event its id; {@code digest} for several messages in one
     * @param job the job's full name; empty for a test message
     * @param number the build's
     * @param created milliseconds since 1970
     * @param tone how it looks
     * @param url of the build; empty if there is none
     * @param values what happened, for programs
     */
    public record Origin(
            String event,
            String job,
            int number,
            long created,
            Event.Tone tone,
            String url,
            Map<String, String> values) {
        /** Copies the values. */
        public Origin {
            Objects.requireNonNull(event);
            Objects.requireNonNull(job);
            values = Map.copyOf(values);
        }
    }

    /**
     * The texts of a message.
     *
     * @param title one line of plain text
     * @param body in the service's markup
     * @param plain the same as plain text; empty where the service needs none
     * @param line the message in one line in the service's markup, for a digest
     * @param mentioned the people whom the message mentions
     * @param links that stand beside the text as buttons; empty where the text has them
     */
    public record Content(
            String title, String body, String plain, String line, List<Contact> mentioned, List<Link> links) {
        /** Copies the lists. */
        public Content {
            Objects.requireNonNull(title);
            Objects.requireNonNull(body);
            mentioned = List.copyOf(mentioned);
            // Missing in messages that an older version of the plugin has left.
            links = links == null ? List.of() : List.copyOf(links);
        }
    }

    /**
     * A button.
     *
     * @param title what stands on it
     * @param url http or https
     */
    public record Link(String title, String url) {}

    /**
     * A picture of a message.
     *
     * @param file its name in the outbox
     * @param alone whether the message is nothing but the picture
     */
    public record Picture(String file, boolean alone) {}

    /**
     * A message that a digest has replaced.
     *
     * @param id the message's
     * @param number the build's
     * @param tried whether an attempt to send it has failed
     */
    public record Joined(String id, int number, boolean tried) {}

    /**
     * The attempts to send a message.
     *
     * @param count how many there were
     * @param last the time of the last one in milliseconds since 1970; 0 for none
     */
    public record Attempts(int count, long last) {
        static final Attempts NONE = new Attempts(0, 0);
    }

    /** Copies the list. */
    public Message {
        Objects.requireNonNull(id);
        Objects.requireNonNull(channel);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(content);
        Objects.requireNonNull(attempts);
        joined = List.copyOf(joined);
    }

    /** The message after one more attempt. */
    Message attempted(long now) {
        return new Message(id, channel, origin, content, picture, joined, new Attempts(attempts.count() + 1, now));
    }

    /** Whether it can be one line of a digest. */
    boolean isJoinable() {
        return !isPictureOnly() && !origin.job().isEmpty() && joined.isEmpty();
    }

    /** Whether it is nothing but a picture. */
    boolean isPictureOnly() {
        return picture != null && picture.alone();
    }
}
