package io.jenkins.plugins.minibuild.notify;

import java.time.Duration;

/**
 * What a service allows: a number of calls in any window of time.
 *
 * @param calls at most 1,000
 * @param window a little longer than the service's own: it counts when calls arrive, not when they leave
 */
public record Rate(int calls, Duration window) {}
