package io.jenkins.plugins.minibuild.workflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.workflow.parse.ParsedWorkflow;
import io.jenkins.plugins.minibuild.workflow.parse.WorkflowParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final String SHOP = """
            name: shop
            environment: {CI: "true", LEVEL: top}
            jobs:
              lint: {steps: [{name: lint, command: npm run lint}]}
              test:
                needs: lint
                matrix: {node: [18, 20]}
                image: "node:${matrix.node}"
                environment: {LEVEL: job}
                steps: [{name: unit, command: npm test, retry: 2, timeout: 600}]
              ship:
                needs: [lint, test]
                when: "branch == 'main' && event != 'merge_request'"
                agent: linux && wechat
                steps: [{name: upload, uses: miniprogramUpload, with: {app: shop}}]
            """;

    private static Plan plan(String yaml, PlanRequest request) throws UnplannableException {
        ParsedWorkflow parsed = WorkflowParser.parse(yaml);
        assertThat(parsed.workflow()).as("%s", parsed.problems()).isNotNull();
        return Planner.plan(parsed.workflow(), request);
    }

    private static PlanRequest only(String... jobs) {
        return new PlanRequest("f", "s", Map.of(), Map.of(), List.of(jobs), 0, null, 0);
    }

    @Test
    void aMatrixBecomesAJobForEachCombinationAndWhoNeedsItNeedsAllOfThem() throws UnplannableException {
        Plan plan = plan(SHOP, PlanRequest.of("f", "s"));

        assertThat(plan.jobs()).extracting(PlannedJob::id).containsExactly("lint", "test (18)", "test (20)", "ship");
        assertThat(plan.jobs().get(3).needs()).containsExactly("lint", "test (18)", "test (20)");
        assertThat(plan.jobs().get(1).matrix()).containsExactly(Map.entry("node", "18"));
        assertThat(plan.jobs()).extracting(PlannedJob::toEnd).containsExactly(2, 2, 2, 1);
        assertThat(plan.timeoutMillis()).isEqualTo(86_400_000);
    }

    @Test
    void aStepInheritsAndTheInnermostValueWins() throws UnplannableException {
        PlannedStep unit =
                plan(SHOP, PlanRequest.of("f", "s")).jobs().get(1).steps().get(0);

        assertThat(unit.environment().get("LEVEL").source()).isEqualTo("job");
        assertThat(unit.environment().get("CI").source()).isEqualTo("true");
        assertThat(unit.place().engine()).isEqualTo(Place.Engine.CONTAINER);
        assertThat(unit.place().image().source()).isEqualTo("node:${matrix.node}");
        assertThat(unit.timeoutMillis()).isEqualTo(600_000);
        assertThat(unit.retry().count()).isEqualTo(2);
        assertThat(unit.shell()).containsExactly("sh", "-e", "-c");
    }

    @Test
    void onlyTheJobsThatWereAskedForAndWhatTheyNeedArePlanned() throws UnplannableException {
        assertThat(plan(SHOP, only("test")).jobs())
                .extracting(PlannedJob::id)
                .containsExactly("lint", "test (18)", "test (20)");
        assertThatThrownBy(() -> plan(SHOP, only("tests")))
                .isInstanceOf(UnplannableException.class)
                .hasMessageContaining("There is no job tests")
                .hasMessageContaining("lint, test, ship");
    }

    @Test
    void stagesBecomeAGraphInWhichEachStageNeedsTheOneBefore() throws UnplannableException {
        Plan plan = plan("""
                name: go
                stages:
                  - name: build
                    jobs:
                      - {name: web, steps: [{name: s, command: "true"}]}
                      - {name: api, steps: [{name: s, command: "true"}]}
                  - name: deploy
                    run_mode: serial
                    timeout: 60
                    jobs:
                      - {name: one, steps: [{name: s, command: "true"}]}
                      - {name: two, steps: [{name: s, command: "true"}]}
                """, PlanRequest.of("f", "s"));

        assertThat(plan.jobs())
                .extracting(PlannedJob::id)
                .containsExactly("build.web", "build.api", "deploy.one", "deploy.two");
        assertThat(plan.jobs().get(2).needs()).containsExactlyInAnyOrder("build.web", "build.api");
        assertThat(plan.jobs().get(3).needs()).contains("deploy.one");
        assertThat(plan.stages().get(1).timeoutMillis()).isEqualTo(60_000);
        assertThat(plan.jobs().get(0).steps().get(0).shell()).containsExactly("sh", "-c");
    }

    @Test
    void whatRunsBeforeAndAfterAllIsAJobOfItsOwn() throws UnplannableException {
        Plan plan = plan("""
                name: p
                pre: echo before
                post: echo after
                jobs:
                  b: {needs: a, steps: [{command: "true"}]}
                  a: {steps: [{command: "true"}]}
                """, PlanRequest.of("f", "s"));

        assertThat(plan.jobs())
                .extracting(PlannedJob::role)
                .containsExactly(PlannedJob.Role.PRE, PlannedJob.Role.JOB, PlannedJob.Role.JOB, PlannedJob.Role.POST);
        assertThat(plan.jobs().get(1).needs()).containsExactly("before all");
    }

    @Test
    void theShorterTimeHolds() throws UnplannableException {
        PlanRequest hour = new PlanRequest("f", "s", Map.of(), Map.of(), List.of(), 0, null, 3_600_000);
        assertThat(plan(SHOP, hour).timeoutMillis()).isEqualTo(3_600_000);
        assertThat(plan("timeout: 60\n" + SHOP, hour).timeoutMillis()).isEqualTo(60_000);
    }

    @Test
    void whatCannotRunIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> plan("""
                name: x
                jobs:
                  a:
                    steps:
                      - name: far
                        engine: ssh://host
                        command: hostname
                """, PlanRequest.of("f", "s")))
                .isInstanceOfSatisfying(
                        UnplannableException.class,
                        e -> assertThat(e.position().line()).isEqualTo(5))
                .hasMessageContaining("The step far wants the engine ssh");
    }

    @Test
    void aPlanIsReadFromItsJsonAgain() throws Exception {
        Plan plan = plan(SHOP, PlanRequest.of("f", "s"));

        assertThat(Json.MAPPER.readValue(Json.bytes(plan), Plan.class)).isEqualTo(plan);
    }
}
