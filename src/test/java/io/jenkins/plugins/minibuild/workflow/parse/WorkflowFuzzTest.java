package io.jenkins.plugins.minibuild.workflow.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Workflow;
import io.jenkins.plugins.minibuild.workflow.parse.Problem.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Whatever a file says, the parser answers a workflow that keeps its promises, or problems that can be shown. */
class WorkflowFuzzTest {
    /** Three of four are good ones: what is broken already stays so. */
    private static final List<String> EXAMPLES = examples();

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(WorkflowSchema.json(Locale.ENGLISH));

    private static List<String> examples() {
        List<String> good = Stream.concat(Examples.in("good").stream(), Examples.in("go-idp").stream())
                .map(Examples::read)
                .toList();
        List<String> all = new ArrayList<>(
                Examples.in("broken").stream().map(Examples::read).toList());
        for (int i = 3 * all.size(); i > 0; i -= good.size()) {
            all.addAll(good);
        }
        return all;
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void aChangedFileIsAWorkflowOrHasProblems(@ForAll long seed) {
        String yaml = new YamlMutations(EXAMPLES, new Random(seed)).next();
        ParsedWorkflow parsed = check(yaml);
        if (parsed.problems().isEmpty()) {
            // What the parser takes an editor takes, too.
            Yaml value = new YamlReader(new Problems()).read(yaml).orElseThrow();
            assertThat(SCHEMA.validate(WorkflowSchema.json(value))).as(yaml).isEmpty();
        }
    }

    @Tag("slow")
    @Property(tries = 1_000_000, shrinking = ShrinkingMode.OFF)
    void aMillionChangedFilesAreWorkflowsOrHaveProblems(@ForAll long seed) {
        check(new YamlMutations(EXAMPLES, new Random(seed)).next());
    }

    /** Some changes must leave workflows, some must not, or the properties say nothing. */
    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void someChangesLeaveWorkflowsAndSomeDoNot(@ForAll long seed) {
        YamlMutations mutations = new YamlMutations(EXAMPLES, new Random(seed));
        int workflows = 0;
        for (int i = 0; i < 1_000; i++) {
            workflows += WorkflowParser.parse(mutations.next()).workflow() == null ? 0 : 1;
        }
        assertThat(workflows).isBetween(100, 900);
    }

    private static ParsedWorkflow check(String yaml) {
        ParsedWorkflow parsed = WorkflowParser.parse(yaml, Examples.STEPS);
        boolean errors = parsed.problems().stream().anyMatch(each -> each.severity() == Severity.ERROR);
        if (errors != (parsed.workflow() == null)) {
            throw new AssertionError("a workflow in spite of errors, or none without: " + yaml);
        }
        if (parsed.problems().size() > 2 * Problems.MOST) {
            throw new AssertionError(parsed.problems().size() + " problems: " + yaml);
        }
        // The reader has line ends that others have not, such as U+0085.
        long lines = yaml.chars()
                        .filter(each ->
                                each == '\n' || each == '\r' || each == 0x85 || each == 0x2028 || each == 0x2029)
                        .count()
                + 1;
        for (Problem problem : parsed.problems()) {
            String line = problem.line("f");
            if (problem.position().line() < 1
                    || problem.position().line() > lines
                    || problem.position().column() < 1
                    || problem.text().isBlank()
                    || problem.remedy().isBlank()
                    || line.length() > 2_100) {
                throw new AssertionError(line + "\n" + yaml);
            }
        }
        if (parsed.workflow() != null) {
            checkPromises(parsed.workflow(), yaml);
        }
        return parsed;
    }

    private static void checkPromises(Workflow workflow, String yaml) {
        assertThat(workflow.name()).as(yaml).isNotBlank();
        assertThat(workflow.jobs()).as(yaml).isNotEmpty();
        Set<String> ids = new HashSet<>();
        for (Job job : workflow.jobs()) {
            assertThat(ids.add(job.id())).as(yaml).isTrue();
            assertThat(job.steps()).as(yaml).isNotEmpty().allSatisfy(step -> {
                long kinds = Stream.of(step.command(), step.uses(), step.plugin(), step.service())
                        .filter(each -> each != null)
                        .count();
                // A plugin is given the command, which it runs itself.
                assertThat(kinds).isBetween(1L, step.plugin() == null ? 1L : 2L);
            });
            assertThat(job.stage())
                    .as(yaml)
                    .isLessThan(Math.max(0, workflow.stages().size()));
        }
        assertThat(workflow.jobs()).as(yaml).allSatisfy(job -> assertThat(ids).containsAll(job.needs()));
        // Jobs whose needs are done, again and again: a circle would be left.
        List<Job> open = new ArrayList<>(workflow.jobs());
        Set<String> done = new HashSet<>();
        while (open.removeIf(job -> done.containsAll(job.needs()) && done.add(job.id()))) {
            assertThat(done).isNotEmpty();
        }
        assertThat(open).as(yaml).isEmpty();
    }
}
