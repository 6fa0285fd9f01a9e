package io.jenkins.plugins.minibuild.notify;

import java.io.IOException;

/** Sends messages to one service. A sender is made for every attempt, so that a changed secret is used at once. */
@FunctionalInterface
public interface Sender {
    /**
     * Sends one message, within half a minute.
     *
     * @param picture its bytes; empty if it has none
     * @throws IOException when the service cannot be reached; its message may hold secrets and is masked by the caller
     */
    SendResult send(Message message, byte[] picture) throws IOException, InterruptedException;
}
