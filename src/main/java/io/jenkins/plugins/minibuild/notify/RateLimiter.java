package io.jenkins.plugins.minibuild.notify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Says when the next call may be made. It keeps the times of the last calls rather than a level of tokens: a bucket that fills while it is emptied
 * lets almost twice the number pass within some minute, and DingTalk bans a robot for that. Safe for use by several threads.
 */
final class RateLimiter {
    private final List<Rate> rates;
    private final int kept;
    private final Deque<Long> calls = new ArrayDeque<>();

    RateLimiter(List<Rate> rates) {
        this.rates = List.copyOf(rates);
        this.kept = rates.stream().mapToInt(Rate::calls).max().orElse(0);
    }

    List<Rate> rates() {
        return rates;
    }

    /** Milliseconds until a call may be made; 0 for at once. */
    synchronized long delay(long now) {
        long wait = 0;
        for (Rate rate : rates) {
            if (calls.size() >= rate.calls()) {
                Iterator<Long> newest = calls.descendingIterator();
                long oldest = 0;
                for (int i = 0; i < rate.calls(); i++) {
                    oldest = newest.next();
                }
                long window = rate.window().toMillis();
                // Never longer than the window, whatever a clock that was set back says.
                wait = Math.max(wait, Math.min(window, oldest + window - now));
            }
        }
        return wait;
    }

    /** A call is made at the given time, not before the last one. */
    synchronized void take(long at) {
        calls.addLast(at);
        while (calls.size() > kept) {
            calls.removeFirst();
        }
    }

    /** The times of the last calls, for one with other rates. */
    synchronized List<Long> taken() {
        return List.copyOf(calls);
    }
}
