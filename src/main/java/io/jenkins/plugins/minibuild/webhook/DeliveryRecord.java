package io.jenkins.plugins.minibuild.webhook;

import java.util.Objects;

/**
 * A delivery with its decision, as the pages show it.
 *
 * @param number counts the owner's deliveries, from 1
 * @param time milliseconds since 1970
 * @param address of the caller; empty for a delivery that a person repeated
 * @param build the path of the build's page below Jenkins' root; empty as long as there is no build
 */
record DeliveryRecord(
        long number, long time, String address, Delivery delivery, Decision decision, String build, Body body) {
    /**
     * The body of the call.
     *
     * @param payload JSON without secrets; empty when it was not kept
     * @param bytes the size of the body
     */
    record Body(String payload, int bytes) {}

    /** @throws NullPointerException where stored JSON lacks a group */
    DeliveryRecord {
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(decision);
        Objects.requireNonNull(body);
    }

    DeliveryRecord withNumber(long given) {
        return new DeliveryRecord(given, time, address, delivery, decision, build, body);
    }

    DeliveryRecord withPayload(String payload) {
        return new DeliveryRecord(number, time, address, delivery, decision, build, new Body(payload, body.bytes()));
    }

    DeliveryRecord withBuild(String url) {
        return new DeliveryRecord(number, time, address, delivery, decision, url, body);
    }

    DeliveryRecord withReason(Reason reason) {
        return new DeliveryRecord(
                number, time, address, delivery, new Decision(reason, decision.detail()), build, body);
    }
}
