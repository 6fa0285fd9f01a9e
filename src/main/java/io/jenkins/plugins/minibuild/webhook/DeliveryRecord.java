package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A delivery as it is kept for people.
 *
 * @param number of the owner's deliveries, from 1
 * @param time milliseconds since 1970
 * @param delivery null when it could not be read
 * @param address of the client
 * @param detail what the reason is about
 * @param build the path of the build's page below Jenkins' root; empty as long as there is none
 * @param payload as JSON, without secrets; empty when it was too large to be kept
 * @param payloadBytes how large the body was
 */
record DeliveryRecord(
        long number,
        long time,
        Provider provider,
        String event,
        @CheckForNull Delivery delivery,
        String address,
        Reason reason,
        String detail,
        String build,
        String payload,
        int payloadBytes) {
    DeliveryRecord withNumber(long given) {
        return new DeliveryRecord(
                given, time, provider, event, delivery, address, reason, detail, build, payload, payloadBytes);
    }

    DeliveryRecord withPayload(String text) {
        return new DeliveryRecord(
                number, time, provider, event, delivery, address, reason, detail, build, text, payloadBytes);
    }

    DeliveryRecord withBuild(String url) {
        return new DeliveryRecord(
                number, time, provider, event, delivery, address, reason, detail, url, payload, payloadBytes);
    }

    DeliveryRecord withReason(Reason other) {
        return new DeliveryRecord(
                number, time, provider, event, delivery, address, other, detail, build, payload, payloadBytes);
    }
}
