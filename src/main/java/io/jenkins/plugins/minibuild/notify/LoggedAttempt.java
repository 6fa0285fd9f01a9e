package io.jenkins.plugins.minibuild.notify;

/**
 * One attempt to send a message, for the administrators' page.
 *
 * @param time milliseconds since 1970
 * @param job the job's full name; empty for a test message
 * @param number the build's
 * @param title of the message
 * @param outcome what followed
 * @param text what the service said, without secrets
 * @param attempts how often the message has been tried by then
 */
record LoggedAttempt(
        long time, String job, int number, String title, SendResult.Kind outcome, String text, int attempts) {}
