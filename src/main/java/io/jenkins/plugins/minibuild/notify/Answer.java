package io.jenkins.plugins.minibuild.notify;

import java.time.Duration;

/**
 * How a service took a message.
 *
 * @param kind what follows from it
 * @param text for people: service, code, its words, and what to do. Never a secret
 * @param retryAfter how long the service wants to be left alone; zero if it did not say
 */
public record Answer(Kind kind, String text, Duration retryAfter) {
    /** What follows from an answer. */
    public enum Kind {
        /** It is there. */
        SENT,
        /** The service has enough for a while. */
        LIMITED,
        /** It may work later. */
        FAILED,
        /** This message never will. */
        REFUSED,
        /** No message will before somebody mends the channel. */
        BROKEN
    }

    public static Answer sent(String text) {
        return new Answer(Kind.SENT, text, Duration.ZERO);
    }

    public static Answer limited(String text, Duration wait) {
        return new Answer(Kind.LIMITED, text, wait);
    }

    public static Answer failed(String text) {
        return new Answer(Kind.FAILED, text, Duration.ZERO);
    }

    public static Answer refused(String text) {
        return new Answer(Kind.REFUSED, text, Duration.ZERO);
    }

    public static Answer broken(String text) {
        return new Answer(Kind.BROKEN, text, Duration.ZERO);
    }

    boolean isSent() {
        return kind == Kind.SENT;
    }
}
