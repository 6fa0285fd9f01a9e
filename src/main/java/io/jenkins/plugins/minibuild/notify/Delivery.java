package io.jenkins.plugins.minibuild.notify;

/**
 * What became of a message, for the page.
 *
 * @param time milliseconds since 1970
 * @param id the message's
 * @param job its full name; empty for a test message
 * @param number the build's
 * @param event its id, or {@code digest}
 * @param title of the message
 * @param outcome the name of an {@link Answer.Kind}
 * @param text what the service said, without secrets
 * @param attempts how often it was tried
 * @param waited milliseconds from the event to now
 */
public record Delivery(
        long time,
        String id,
        String job,
        int number,
        String event,
        String title,
        String outcome,
        String text,
        int attempts,
        long waited) {}
