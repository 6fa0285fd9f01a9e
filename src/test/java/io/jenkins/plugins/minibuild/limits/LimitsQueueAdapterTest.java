package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.tasks.Builder;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsQueueAdapterTest {

    /** A step that asks for a slot of a pool, or for none. */
    private static final class Waiting extends TaskStep<String> {
        private final String pool;

        Waiting(@CheckForNull String pool) {
            this.pool = pool;
        }

        @Override
        public BuildTask<String> task() {
            return context -> "";
        }

        @Override
        public Map<String, Object> toReturnValue(String result) {
            return Map.of();
        }

        @Override
        public String slotPool() {
            return pool;
        }
    }

    private static Builder builder(@CheckForNull Waiting step) {
        return new TaskBuilder<Waiting>() {
            @Override
            public Waiting getStep() {
                return step;
            }
        };
    }

    /** A config.xml that was written by hand can have a build step without its parameters. */
    @Test
    void buildStepWithoutItsStepDoesNotStopTheQueue() {
        assertThat(LimitsQueueAdapter.needOf(List.of(builder(null)))).isNull();
        assertThat(LimitsQueueAdapter.needOf(List.of(builder(null), builder(new Waiting("claude"))))
                        .poolName())
                .isEqualTo("claude");
    }

    @Test
    void firstBuildStepThatAsksForASlotNamesThePool() {
        assertThat(LimitsQueueAdapter.needOf(List.of())).isNull();
        assertThat(LimitsQueueAdapter.needOf(List.of(builder(new Waiting(null)))))
                .isNull();
        assertThat(LimitsQueueAdapter.needOf(List.of(builder(new Waiting(null)), builder(new Waiting("build"))))
                        .poolName())
                .isEqualTo("build");
    }

    @Test
    void aBuildTakesASlotOfEachPoolOfItsSteps() {
        List<Builder> builders =
                List.of(builder(new Waiting("claude")), builder(new Waiting("build")), builder(new Waiting("claude")));
        assertThat(LimitsQueueAdapter.poolsOf("claude", builders)).containsExactly("claude", "build");
        assertThat(LimitsQueueAdapter.poolsOf("deploy", builders)).containsExactly("deploy", "claude", "build");
        assertThat(LimitsQueueAdapter.poolsOf("build", List.of())).containsExactly("build");
    }
}
