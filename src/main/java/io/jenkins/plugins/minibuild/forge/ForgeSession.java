package io.jenkins.plugins.minibuild.forge;

import hudson.util.Secret;
import io.jenkins.plugins.minibuild.process.Retry;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * How a service's API is called.
 *
 * @param clock for limits of the rate
 * @param sleeper waits where the rate is limited and between attempts
 * @param random of the delays between attempts
 */
public record ForgeSession(Secret token, Clock clock, Retry.Sleeper sleeper, RandomGenerator random) {}
