package io.jenkins.plugins.minibuild.webhook;

import java.util.List;

/** Understands the calls of one service. */
interface PayloadReader {
    /**
     * Reads a call whose sender is proven.
     *
     * @param event of kind {@link EventKind#OTHER}, with the name in the call's header; empty if the service sends none
     * @return one delivery for each ref that the call is about; never empty
     * @throws PayloadException when the body does not have the service's format
     */
    List<Delivery> read(Delivery.Event event, Payload body) throws PayloadException;
}
