package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void countsDownOverTheEndOfTheClock() {
        Deadline deadline = Deadline.after(Duration.ofNanos(10), now::get);
        now.addAndGet(7);
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(3));
        assertThat(deadline.expired()).isFalse();
        now.addAndGet(7);
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.expired()).isTrue();
    }

    @Test
    void neverIsKnown() {
        assertThat(Deadline.never().isNever()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(1)).isNever()).isFalse();
    }

    @Test
    void isOverAtOnceWithoutTime() {
        assertThat(Deadline.after(Duration.ofSeconds(-1)).expired()).isTrue();
    }
}
