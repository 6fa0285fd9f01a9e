package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogBudgetTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static LogBudget budget(double megabytes) {
        return new LogBudget(new Limits(Map.of(Limit.LOG, megabytes), Map.of(), Result.ABORTED));
    }

    private void write(LogBudget budget, int lines) throws IOException {
        for (int i = 1; i <= lines; i++) {
            byte[] line = ("line " + i + "\n").getBytes(StandardCharsets.UTF_8);
            budget.write(line, line.length, out);
        }
        budget.finish(out);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aShortLogIsLeftAlone() throws IOException {
        write(budget(1), 3);
        assertThat(text()).isEqualTo("line 1\nline 2\nline 3\n");
    }

    @Test
    void ofALongLogTheMiddleIsDroppedAndTheEndIsKept() throws IOException {
        write(budget(0.01), 10_000);
        assertThat(text())
                .startsWith("line 1\nline 2\n")
                .contains("the log has reached logMegabytes = 0.01, set in the job (miniBuildLimits)")
                .containsPattern("\\[Mini Build: [0-9.]+ kB of the log were dropped here]\nline 9[89]")
                .endsWith("line 9999\nline 10000\n")
                .doesNotContain("line 5000\n");
        assertThat(text().length()).isLessThan(11_000);
    }

    @Test
    void nothingIsDroppedWhenTheEndIsShort() throws IOException {
        write(budget(0.01), 1080);
        assertThat(text())
                .contains("has reached")
                .doesNotContain("dropped")
                .contains("line 900\n")
                .endsWith("line 1080\n");
        assertThat(text().lines().filter(l -> l.startsWith("line "))).hasSize(1080);
    }

    @Test
    void withoutALimitEverythingIsWritten() throws IOException {
        write(budget(0), 20_000);
        assertThat(text().lines()).hasSize(20_000);
    }

    private static Limits limits(double megabytes) {
        return new Limits(Map.of(Limit.LOG, megabytes), Map.of(), Result.ABORTED);
    }

    private void write(BuildLog log, String text, int lines) throws IOException {
        for (int i = 1; i <= lines; i++) {
            byte[] line = (text + " " + i + "\n").getBytes(StandardCharsets.UTF_8);
            log.write(line, line.length, out);
        }
    }

    /** Only the log of the block was limited: what came behind it was not. */
    @Test
    void theLimitHoldsForTheWholeBuild() throws IOException {
        BuildLog log = new BuildLog(limits(0.01), 6_000);
        write(log, "block", 100);
        write(log, "behind", 5_000);
        log.finish(out);
        write(log, "after the end", 1);
        assertThat(text())
                .startsWith("block 1\n")
                .contains("has reached logMegabytes = 0.01", "were dropped here")
                .endsWith("behind 5000\nafter the end 1\n")
                .doesNotContain("behind 2500\n");
        assertThat(text().length()).isLessThan(6_000);
    }

    @Test
    void aBlockWithALargerLimitRaisesThatOfTheBuild() throws IOException {
        BuildLog log = new BuildLog(limits(0.005), 0);
        write(log, "small", 1_000);
        log.raise(limits(0.001));
        write(log, "still small", 1);
        log.raise(limits(1));
        write(log, "large", 1_000);
        log.finish(out);
        assertThat(text())
                .doesNotContain("small 600\n")
                .contains("small 1000\nstill small 1\nlarge 1\n", "large 500\n");
        assertThat(text().lines().filter(l -> l.startsWith("large"))).hasSize(1_000);
    }
}
