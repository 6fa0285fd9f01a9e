package io.jenkins.plugins.minibuild.bench;

import io.jenkins.plugins.minibuild.limits.LimitsProbe;
import java.io.IOException;
import java.util.Locale;

/** Times a waiter's start from the moment a slot is free, and what sampling the memory of 200 processes costs. */
public final class LimitsBenchmark {
    private static final double MOST_MILLIS = 50;
    private static final double MOST_SHARE = 0.01;

    private LimitsBenchmark() {}

    /** Prints both; exits with 1 when one is too much. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        double millis = LimitsProbe.medianStartMillis(200);
        System.out.printf(
                Locale.ROOT, "free slot to start, median of 200: %.3f ms (at most %.0f)%n", millis, MOST_MILLIS);
        double share = LimitsProbe.samplingShare(200, 20);
        System.out.printf(
                Locale.ROOT,
                "sampling 200 processes every second: %.2f %% of one core (at most %.0f %%)%n",
                share * 100,
                MOST_SHARE * 100);
        if (millis >= MOST_MILLIS || share >= MOST_SHARE) {
            System.exit(1);
        }
    }
}
