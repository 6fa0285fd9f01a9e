package io.jenkins.plugins.minibuild.webhook;

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
}
