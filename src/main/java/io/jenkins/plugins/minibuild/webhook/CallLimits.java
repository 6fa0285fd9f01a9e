package io.jenkins.plugins.minibuild.webhook;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Clock;
import java.time.Duration;

/**
 * Counts calls a minute. It remembers a bounded number of addresses and endpoints; the count of a forgotten one starts again. Safe for several
 * threads.
 */
final class CallLimits {
    /** How many calls without a valid proof one address may make in a minute until it gets the short answer. */
    static final int FAILURES = 60;

    private static final int REMEMBERED = 10_000;

    private static final class Count {
        private long minute;
        private int calls;

        synchronized boolean add(long now, int most) {
            if (now != minute) {
                minute = now;
                calls = 0;
            }
            if (calls >= most) {
                return false;
            }
            calls++;
            return true;
        }
    }

    private final Clock clock;
    private final Cache<String, Count> counts = CacheBuilder.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    CallLimits(Clock clock) {
        this.clock = clock;
    }

    /** Counts a call; false when this minute already had the most calls. */
    boolean isWithin(String what, int most) {
        return count(what).add(minute(), most);
    }

    private long minute() {
        return clock.millis() / 60_000;
    }

    private Count count(String key) {
        Count found = counts.getIfPresent(key);
        if (found == null) {
            Count fresh = new Count();
            found = counts.asMap().putIfAbsent(key, fresh);
            return found == null ? fresh : found;
        }
        return found;
    }
}
