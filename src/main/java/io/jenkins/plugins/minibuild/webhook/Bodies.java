package io.jenkins.plugins.minibuild.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads the bodies of calls whose senders are not proven yet. A body that trickles is given up. All bodies that are being read share the room of
 * three of the largest: where a new one finds no room the one that has been read for the longest time is given up, so that slow ones are in nobody's way. Safe for use
 * by several threads.
 */
final class Bodies {
    private static final int TOO_SLOW = 408;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    /** For every body, and for each of {@link #RATE} bytes one second more. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int RATE = 256 << 10;
    private static final int CHUNK = 8192;

    /** A body that is being read. Its buffer grows with what comes, whatever length was announced. */
    private static final class Reading {
        private final long start;
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

        Reading(long start) {
            this.start = start;
        }
    }

    private final Clock clock;
    /** The oldest first. */
    private final Set<Reading> open = new LinkedHashSet<>();

    private long held;

    Bodies(Clock clock) {
        this.clock = clock;
    }

    /**
     * Reads a body to its end.
     *
     * @param most bytes that it may have
     * @throws RefusedException when it is too large or too slow, or was given up for others
     */
    byte[] read(InputStream in, int most) throws IOException, RefusedException {
        Reading reading = new Reading(clock.millis());
        synchronized (this) {
            open.add(reading);
        }
        try {
            byte[] chunk = new byte[CHUNK];
            int size = 0;
            int count;
            while ((count = in.read(chunk)) >= 0) {
                size += count;
                if (size > most) {
                    throw new RefusedException(TOO_LARGE, "the body is larger than " + (most >> 20) + " MB");
                }
                if (clock.millis() - reading.start > PATIENCE.toMillis() + 1000L * size / RATE) {
                    throw new RefusedException(TOO_SLOW, "the body came too slowly");
                }
                keep(reading, chunk, count, 3L * most);
            }
            return whole(reading);
        } finally {
            giveUp(reading);
        }
    }

    private synchronized void keep(Reading reading, byte[] chunk, int count, long room) throws RefusedException {
        while (held + count > room && open.contains(reading)) {
            giveUp(open.iterator().next());
        }
        if (!open.contains(reading)) {
            throw givenUp();
        }
        held += count;
        reading.bytes.write(chunk, 0, count);
    }

    private synchronized byte[] whole(Reading reading) throws RefusedException {
        if (!open.contains(reading)) {
            throw givenUp();
        }
        return reading.bytes.toByteArray();
    }

    private static RefusedException givenUp() {
        return new RefusedException(TOO_MANY, "too many slow bodies at once; try again in a minute");
    }

    private synchronized void giveUp(Reading reading) {
        if (open.remove(reading)) {
            held -= reading.bytes.size();
            reading.bytes = new ByteArrayOutputStream(0);
        }
    }
}
