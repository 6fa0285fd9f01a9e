package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hudson.AbortException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DailyBudgetTest {
    private static final Clock TODAY = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
    private static final DailyBudget.Scope ALL = new DailyBudget.Scope("", 10);
    private static final DailyBudget.Scope TEAM = new DailyBudget.Scope("team", 3);

    @TempDir
    private Path folder;

    @Test
    void setsMoneyAsideAndBooksWhatItDidCost() throws Exception {
        DailyBudget budget = new DailyBudget(folder, TODAY);

        DailyBudget.Reservation first = budget.reserve(List.of(ALL, TEAM), 2);
        DailyBudget.Reservation second = budget.reserve(List.of(ALL, TEAM), 2);
        assertThat(first.dollars()).isEqualTo(2);
        assertThat(second.dollars()).isEqualTo(1);
        assertThatThrownBy(() -> budget.reserve(List.of(ALL, TEAM), 2))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("team")
                .hasMessageContaining("3.00");
        assertThat(budget.reserve(List.of(ALL), 2).dollars()).isEqualTo(2);

        budget.settle(first, 0.5);
        budget.settle(second, 0.25);

        assertThat(budget.spent(TEAM)).isCloseTo(0.75, within(1e-9));
        assertThat(budget.spent(ALL)).isCloseTo(2.75, within(1e-9));
    }

    @Test
    void survivesARestartAndBeginsAnewTheNextDay() throws Exception {
        DailyBudget.Reservation open = new DailyBudget(folder, TODAY).reserve(List.of(TEAM), 3);

        assertThatThrownBy(() -> new DailyBudget(folder, TODAY).reserve(List.of(TEAM), 1))
                .isInstanceOf(AbortException.class);
        DailyBudget tomorrow = new DailyBudget(folder, Clock.offset(TODAY, Duration.ofDays(1)));
        assertThat(tomorrow.reserve(List.of(TEAM), 1).dollars()).isEqualTo(1);
        tomorrow.settle(open, 0.5);
        assertThat(tomorrow.spent(TEAM)).isCloseTo(1.5, within(1e-9));
    }

    @Test
    void whatAFolderHasSpentFollowsItsNewName() throws Exception {
        DailyBudget budget = new DailyBudget(folder, TODAY);
        DailyBudget.Reservation open = budget.reserve(List.of(TEAM), 1);
        DailyBudget.Scope renamed = new DailyBudget.Scope("crew", TEAM.dollars());

        budget.renamed(TEAM.name(), "crew");

        assertThat(budget.spent(renamed)).isEqualTo(1);
        budget.settle(open, 0.25);
        assertThat(budget.spent(renamed)).isCloseTo(0.25, within(1e-9));
        budget.renamed("crew", TEAM.name());
        assertThat(budget.spent(TEAM)).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void withoutALimitNothingIsStored() throws Exception {
        DailyBudget budget = new DailyBudget(folder, TODAY);

        budget.settle(budget.reserve(List.of(), 7), 7);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedFileIsSetAsideAndTheDayBeginsAgain() throws Exception {
        for (String damaged : List.of("", "{\"day\":")) {
            Files.writeString(folder.resolve("claude-budget.json"), damaged);
            DailyBudget budget = new DailyBudget(folder, TODAY);

            assertThat(budget.reserve(List.of(ALL), 1).dollars()).isEqualTo(1);

            assertThat(budget.spent(ALL)).isEqualTo(1);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("claude-budget.json.broken-"));
        }
    }

    @Test
    void twentyRunsAtOnceDoNotSpendTheSameMoney() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Double>> runs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                runs.add(() -> {
                    try {
                        return new DailyBudget(folder, TODAY)
                                .reserve(List.of(ALL), 1)
                                .dollars();
                    } catch (AbortException e) {
                        return 0.0;
                    }
                });
            }
            double granted = 0;
            for (Future<Double> run : threads.invokeAll(runs)) {
                granted += run.get();
            }
            assertThat(granted).isCloseTo(10, within(1e-9));
        } finally {
            threads.shutdownNow();
        }
    }
}
