package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/**
 * One call to a service, as it waits in the outbox: everything but the address and the secrets, which are read when it is sent.
 *
 * @param id names its file; sorts by age
 * @param scope the full name of the folder whose channel it is for; empty for a global one
 * @param channel the channel's name
 * @param event the id of what happened
 * @param job the job's full name; empty for a test message
 * @param number the build's
 * @param created milliseconds since 1970
 * @param title one line of plain text
 * @param body in the service's markup
 * @param plain the same as plain text; empty where the service needs none
 * @param line itself in one line in the service's markup, for a digest
 * @param tone how it looks
 * @param url of the build; empty if there is none
 * @param picture the name of a picture's file in the outbox; null for none
 * @param pictureOnly whether it is nothing but the picture
 * @param people who are mentioned
 * @param values what happened, for programs
 * @param joined the ids of the messages that it replaces, for a digest
 * @param attempts how often it was tried
 * @param lastAttempt when, in milliseconds since 1970; 0 for never
 */
public record Message(
        String id,
        String scope,
        String channel,
        String event,
        String job,
        int number,
        long created,
        String title,
        String body,
        String plain,
        String line,
        Event.Tone tone,
        String url,
        @CheckForNull String picture,
        boolean pictureOnly,
        List<Person> people,
        Map<String, String> values,
        List<String> joined,
        int attempts,
        long lastAttempt) {

    /** Makes what an older file lacks empty. */
    public Message {
        people = people == null ? List.of() : List.copyOf(people);
        values = values == null ? Map.of() : Map.copyOf(values);
        joined = joined == null ? List.of() : List.copyOf(joined);
        tone = tone == null ? Event.Tone.NEUTRAL : tone;
    }

    /** As it is after one more attempt. */
    Message attempted(long now) {
        return new Message(
                id,
                scope,
                channel,
                event,
                job,
                number,
                created,
                title,
                body,
                plain,
                line,
                tone,
                url,
                picture,
                pictureOnly,
                people,
                values,
                joined,
                attempts + 1,
                now);
    }

    /** Whether it can be one line of a digest. */
    boolean isJoinable() {
        return !pictureOnly && !job.isEmpty() && joined.isEmpty();
    }
}
