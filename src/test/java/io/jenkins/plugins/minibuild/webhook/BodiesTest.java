package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private static final int MOST = 1 << 20;

    private Instant now = Instant.EPOCH;
    private final Bodies bodies = new Bodies(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    /** Gives some bytes at once, and then none until it is let go. */
    private static final class Stalled extends InputStream {
        private final CountDownLatch stalls = new CountDownLatch(1);
        private final CountDownLatch goesOn = new CountDownLatch(1);
        private int left;

        Stalled(int bytes) {
            left = bytes;
        }

        @Override
        public int read() throws IOException {
            if (left-- > 0) {
                return 'x';
            }
            stalls.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int first = read();
            if (first < 0) {
                return -1;
            }
            int count = Math.min(length, left + 1);
            left -= count - 1;
            return count;
        }
    }

    @Test
    void slowBodiesAreInNobodysWay() throws Exception {
        List<Stalled> slow = new ArrayList<>();
        List<CompletableFuture<Object>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Stalled each = new Stalled(MOST / 2);
            slow.add(each);
            CompletableFuture<Object> result = new CompletableFuture<>();
            results.add(result);
            Thread thread = new Thread(() -> {
                try {
                    result.complete(bodies.read(each, MOST));
                } catch (IOException | RefusedException e) {
                    result.complete(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            each.stalls.await();
        }
        byte[] good = new byte[MOST];
        assertThat(bodies.read(new ByteArrayInputStream(good), MOST)).hasSize(MOST);
        slow.forEach(each -> each.goesOn.countDown());
        assertThat(results.get(0).get()).as("the oldest").isInstanceOf(RefusedException.class);
        assertThat(results.get(19).get()).as("the newest").isInstanceOf(byte[].class);
        assertThat(bodies.read(new ByteArrayInputStream(good), MOST))
                .as("all room is free again")
                .hasSize(MOST);
    }

    @Test
    void aBodyThatTricklesIsGivenUp() {
        InputStream trickle = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                now = now.plusSeconds(1);
                return 1;
            }
        };
        assertThatThrownBy(() -> bodies.read(trickle, MOST)).hasMessageContaining("slowly");
        assertThat(now).isBefore(Instant.EPOCH.plusSeconds(20));
    }

    @Test
    void aLargeBodyOverASlowLineIsTaken() throws Exception {
        Deque<Integer> parts = new ArrayDeque<>();
        for (int i = 0; i < 128; i++) {
            parts.add(8192);
        }
        InputStream line = new InputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                now = now.plusMillis(100);
                return parts.isEmpty() ? -1 : Math.min(length, parts.remove());
            }
        };
        assertThat(bodies.read(line, MOST)).hasSize(MOST);
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsKept() {
        assertThatThrownBy(() -> bodies.read(new ByteArrayInputStream(new byte[MOST + 1]), MOST))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("1 MB");
    }
}
