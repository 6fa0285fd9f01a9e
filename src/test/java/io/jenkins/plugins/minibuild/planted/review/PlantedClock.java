package io.jenkins.plugins.minibuild.planted.review;

import java.time.Instant;

/** Breaks: a plain class does not ask the system clock. */
public final class PlantedClock {
    Instant now() {
        return Instant.now();
    }
}
