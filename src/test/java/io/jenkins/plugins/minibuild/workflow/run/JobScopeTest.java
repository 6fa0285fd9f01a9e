package io.jenkins.plugins.minibuild.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobScopeTest {
    private static final PlannedJob BUILD = Plans.job("build", List.of(), null, Plans.step("make"));
    private static final PlannedJob SHIP = Plans.job("ship", List.of("build"), null, Plans.step("upload"));
    private static final Plan PLAN = Plans.plan(2, false, List.of(BUILD, SHIP));

    private static JobScope scope(Map<String, String> outputs) {
        RunState state = new RunState(PLAN);
        state.apply(Entry.of(Entry.Kind.JOB, "build").with(State.SUCCEEDED).data(outputs));
        return new JobScope(new PlanIndex(PLAN), state, SHIP, pattern -> false);
    }

    @Test
    void aJobHasAResultAndOutputsAndAnOutputMayBeNamedResult() {
        JobScope scope = scope(Map.of("result", "42", "version", "1.2.3"));

        assertThat(scope.value("jobs.build.result")).isEqualTo("succeeded");
        assertThat(scope.value("jobs.build.outputs.version")).isEqualTo("1.2.3");
        assertThat(scope.value("jobs.build.outputs.result")).isEqualTo("42");
        assertThat(Expression.of("jobs.build.outputs.result == '42'").holds(scope))
                .isTrue();
    }

    @Test
    void whatNothingHasWrittenIsEmptyInACondition() {
        JobScope scope = scope(Map.of());

        assertThat(scope.value("jobs.build.outputs.result")).isNull();
        assertThat(scope.value("jobs.none.result")).isNull();
        assertThat(Expression.of("jobs.build.outputs.result == ''").holds(scope))
                .isTrue();
    }
}
