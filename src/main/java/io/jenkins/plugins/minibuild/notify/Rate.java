package io.jenkins.plugins.minibuild.notify;

import java.time.Duration;

/**
 * What a service allows: so many calls in any window of time.
 *
 * @param window a little longer than the service's own: it counts when calls arrive, not when they leave
 */
public record Rate(int calls, Duration window) {}
