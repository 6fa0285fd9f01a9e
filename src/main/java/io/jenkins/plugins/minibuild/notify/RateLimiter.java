package io.jenkins.plugins.minibuild.notify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Says when the next call may be made. It keeps the times of the last calls rather than a level of tokens: a bucket that fills while it is emptied
 * lets almost twice the number pass within some minute, and DingTalk bans a robot for that. Not safe for use by several threads.
 */
final class RateLimiter {
    /** More than any service allows in one window. */
    private static final int KEPT = 1_000;

    private final Deque<Long> calls = new ArrayDeque<>();

    /** Milliseconds until the rates allow a call; 0 for at once. */
    long delay(long now, List<Rate> rates) {
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
    void take(long at) {
        calls.addLast(at);
        if (calls.size() > KEPT) {
            calls.removeFirst();
        }
    }
}
