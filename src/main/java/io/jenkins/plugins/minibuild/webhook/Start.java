package io.jenkins.plugins.minibuild.webhook;

/**
 * A job that a delivery starts. The answer 202 says that the start is stored: it happens even if Jenkins is killed.
 *
 * @param delivery without its files
 */
record Start(Id id, String job, Delivery delivery, StartSettings settings) {
    /**
     * Tells starts apart.
     *
     * @param number in the journal; 0 until the start is stored
     * @param owner see {@link Target}
     * @param record the number of the delivery's record among the owner's
     */
    record Id(long number, String owner, long record) {}

    Start withNumber(long number) {
        return new Start(new Id(number, id.owner(), id.record()), job, delivery, settings);
    }

    /** A repetition of the call has the same key for the same owner. */
    String key() {
        return key(id.owner(), delivery);
    }

    static String key(String owner, Delivery delivery) {
        return owner + " " + delivery.event().key();
    }
}
