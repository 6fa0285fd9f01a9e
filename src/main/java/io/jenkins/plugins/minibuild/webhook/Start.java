package io.jenkins.plugins.minibuild.webhook;

/**
 * A start of a job that was promised.
 *
 * @param id in the log; 0 until it is there
 * @param record the number of the delivery among the owner's
 * @param delivery the brief one
 */
record Start(long id, String owner, long record, String job, Delivery delivery, StartSettings settings) {
    Start withId(long given) {
        return new Start(given, owner, record, job, delivery, settings);
    }
}
