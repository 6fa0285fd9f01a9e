package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final List<Duration> delays = new ArrayList<>();
    private final Retry retry = Retry.times(5, new Random(1)).sleepingBy(delays::add);

    @Test
    void returnsTheFirstSuccess() throws Exception {
        String result = retry.call(number -> {
            if (number < 3) {
                throw new IOException("attempt " + number);
            }
            return "third";
        });

        assertThat(result).isEqualTo("third");
        assertThat(delays).hasSize(2);
    }

    @Test
    void backsOffExponentiallyWithJitterUpToTheCap() {
        assertThatThrownBy(() -> retry.delays(Duration.ofSeconds(1), Duration.ofSeconds(5))
                        .call(number -> {
                            throw new IOException("attempt " + number);
                        }))
                .hasMessage("attempt 5")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

        assertThat(delays).hasSize(4);
        assertThat(delays.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
        assertThat(delays.get(1)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(2000));
        assertThat(delays.get(2)).isBetween(Duration.ofMillis(2000), Duration.ofMillis(4000));
        assertThat(delays.get(3)).isBetween(Duration.ofMillis(2500), Duration.ofMillis(5000));
    }

    @Test
    void doesNotRetryWhatTimeDoesNotMend() {
        assertThatThrownBy(() -> retry.when(e -> !(e instanceof FileNotFoundException))
                        .call(number -> {
                            throw new FileNotFoundException("gone");
                        }))
                .hasMessage("gone");
        assertThat(delays).isEmpty();
    }

    @Test
    void neverRetriesAnInterruption() {
        assertThatThrownBy(() -> retry.call(number -> {
                    throw new InterruptedException("stop");
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(delays).isEmpty();
    }

    @Test
    void startsNoAttemptPastTheDeadline() {
        AtomicLong now = new AtomicLong();
        Deadline deadline = Deadline.after(Duration.ofSeconds(4), now::get);
        assertThatThrownBy(() -> retry.within(deadline)
                        .sleepingBy(delay -> {
                            delays.add(delay);
                            now.addAndGet(delay.toNanos());
                        })
                        .call(number -> {
                            throw new IOException("attempt " + number);
                        }))
                .isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(now.get())).isLessThan(Duration.ofSeconds(4));
        assertThat(delays).hasSizeBetween(1, 3);
    }

    @Test
    void tellsOfEachRetry() throws Exception {
        List<String> told = new ArrayList<>();
        retry.onRetry((failure, attempt, attempts, delay) ->
                        told.add(failure.getMessage() + " " + attempt + "/" + attempts))
                .call(number -> {
                    if (number == 1) {
                        throw new IOException("reset");
                    }
                    return null;
                });
        assertThat(told).containsExactly("reset 1/5");
    }

    @Test
    void needsAnAttempt() {
        assertThatThrownBy(() -> Retry.times(0, new Random())).isInstanceOf(IllegalArgumentException.class);
    }
}
