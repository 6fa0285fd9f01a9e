package io.jenkins.plugins.minibuild.notify;

import java.time.Duration;

/**
 * The result of one attempt to send a message.
 *
 * @param kind what follows from it
 * @param text for people: the service, its code, its words, and what to do. Never a secret
 * @param retryAfter for how long the service wants no call; zero if it did not say
 */
public record SendResult(Kind kind, String text, Duration retryAfter) {
    /** What follows from a result. */
    public enum Kind {
        /** The service has taken the message. */
        SENT,
        /** The service takes no calls for a while. */
        LIMITED,
        /** The attempt failed; another one may succeed. */
        FAILED,
        /** The service will never take this message; it may take others. */
        REFUSED,
        /** The service takes no message before somebody repairs the channel. */
        BROKEN
    }

    /** The service has taken the message. */
    public static SendResult sent(String text) {
        return new SendResult(Kind.SENT, text, Duration.ZERO);
    }

    /** The service takes no calls for a while. */
    public static SendResult limited(String text, Duration wait) {
        return new SendResult(Kind.LIMITED, text, wait);
    }

    /** The attempt failed; another one may succeed. */
    public static SendResult failed(String text) {
        return new SendResult(Kind.FAILED, text, Duration.ZERO);
    }

    /** The service will never take this message. */
    public static SendResult refused(String text) {
        return new SendResult(Kind.REFUSED, text, Duration.ZERO);
    }

    /** The channel needs a repair. */
    public static SendResult broken(String text) {
        return new SendResult(Kind.BROKEN, text, Duration.ZERO);
    }

    boolean isSent() {
        return kind == Kind.SENT;
    }
}
