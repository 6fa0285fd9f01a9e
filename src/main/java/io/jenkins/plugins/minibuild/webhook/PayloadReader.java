package io.jenkins.plugins.minibuild.webhook;

import java.util.List;

/** Understands the calls of one service. */
interface PayloadReader {
    /**
     * Reads a call whose sender is known to be good.
     *
     * @param key of the delivery
     * @param event as the header has it; empty if the service has none
     * @throws PayloadException when it is not of the service's format
     */
    Delivery read(String key, String event, Payload body) throws PayloadException;

    /**
     * As {@link #read}, for services that tell of several refs in one call: what happened to each, never empty.
     *
     * @throws PayloadException when it is not of the service's format
     */
    default List<Delivery> readAll(String key, String event, Payload body) throws PayloadException {
        return List.of(read(key, event, body));
    }
}
