package io.jenkins.plugins.minibuild.example;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.pipeline.StepRegistry;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.step.TaskStep;
import io.jenkins.plugins.minibuild.workflow.RunWorkflowStep;
import io.jenkins.plugins.minibuild.workflow.engine.AgentJobHost;
import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.parse.ParsedWorkflow;
import io.jenkins.plugins.minibuild.workflow.parse.WorkflowParser;
import io.jenkins.plugins.minibuild.workflow.place.AgentPlace;
import io.jenkins.plugins.minibuild.workflow.place.Artifacts;
import io.jenkins.plugins.minibuild.workflow.place.Hosts;
import io.jenkins.plugins.minibuild.workflow.place.KeptContext;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlanRequest;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.Planner;
import io.jenkins.plugins.minibuild.workflow.run.Entry;
import io.jenkins.plugins.minibuild.workflow.run.Ground;
import io.jenkins.plugins.minibuild.workflow.run.JobState;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.RunState;
import io.jenkins.plugins.minibuild.workflow.run.State;
import io.jenkins.plugins.minibuild.workflow.run.Texts;
import io.jenkins.plugins.minibuild.workflow.run.WorkflowRun;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.DataBoundSetter;

/** The workflows of docs/examples/workflow and of docs/workflow.md: all are planned, and those that need only a shell are run. */
class WorkflowExamplesTest {
    private static final Path EXAMPLES = Path.of("docs/examples/workflow");
    private static final List<Path> PAGES = List.of(Path.of("docs/workflow.md"), Path.of("docs/workflow.zh-CN.md"));

    @TempDir
    Path root;

    private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(8);
    private final Map<String, String> variables = new TreeMap<>();
    private final Map<String, String> facts = new TreeMap<>();
    private Set<String> changes = Set.of();
    private LocalBuild build;

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    /** What {@code uses} can name on a controller with this plugin. */
    private static Set<String> steps() {
        return StepRegistry.fromIndex().types().stream()
                .filter(TaskStep.class::isAssignableFrom)
                .map(each -> each.getSimpleName().replaceFirst("Step$", ""))
                .map(each -> each.substring(0, 1).toLowerCase(Locale.ROOT) + each.substring(1))
                .filter(each -> !each.equals("runWorkflow"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ParsedWorkflow parsed(String yaml, String name) {
        ParsedWorkflow parsed = WorkflowParser.parse(yaml, steps());
        assertThat(parsed.problems().stream().map(each -> each.line(name)))
                .as(name)
                .isEmpty();
        return parsed;
    }

    private Plan plan(String yaml, String name) throws Exception {
        return Planner.plan(
                parsed(yaml, name).workflow(), new PlanRequest(name, "", variables, facts, List.of(), 0, null, 0));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsPlannedWithoutAProblemAndBothPagesLinkToIt(Path file) throws Exception {
        assertThat(plan(Files.readString(file), file.toString()).jobs()).isNotEmpty();
        for (Path page : PAGES) {
            assertThat(Files.readString(page)).contains("examples/workflow/" + file.getFileName());
        }
    }

    // ---- the pages

    private static List<String> blocks(Path page, String language) throws IOException {
        Matcher matcher =
                Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(page));
        return matcher.results().map(each -> each.group(1)).toList();
    }

    @Test
    void theWorkflowsOnThePagesArePlannedWithoutAProblem() throws Exception {
        for (Path page : PAGES) {
            List<String> blocks = blocks(page, "yaml");
            assertThat(blocks).hasSize(4);
            // The tutorial shows the file that is run here.
            assertThat(Files.readString(EXAMPLES.resolve("first.yaml"))).endsWith(blocks.get(0));
            for (String each : blocks) {
                plan(each, page + "\n" + each);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void theWorkflowOfTheReadmeIsPlannedWithoutAProblem(String page) throws Exception {
        assertThat(blocks(Path.of(page), "yaml")).hasSize(1);
        plan(blocks(Path.of(page), "yaml").get(0), page);
    }

    /** A change of one page alone is found: both show the same workflows, Jenkinsfiles and commands, under as many headings. */
    @Test
    void bothPagesHaveTheSameHeadingsExamplesAndTables() throws Exception {
        String english = Files.readString(PAGES.get(0));
        String chinese = Files.readString(PAGES.get(1));

        for (String language : List.of("yaml", "groovy", "sh", "json")) {
            assertThat(blocks(PAGES.get(1), language)).isEqualTo(blocks(PAGES.get(0), language));
        }
        assertThat(shape(chinese)).isEqualTo(shape(english));
    }

    /** Headings by their depth, and rows of tables by their number of cells, in their order. */
    private static List<String> shape(String page) {
        List<String> shape = new ArrayList<>();
        boolean code = false;
        for (String line : page.lines().toList()) {
            code ^= line.startsWith("```");
            if (!code && line.startsWith("#")) {
                shape.add(line.replaceFirst(" .*", ""));
            } else if (!code && line.startsWith("|")) {
                shape.add("| "
                        + line.replace("\\|", "")
                                .chars()
                                .filter(each -> each == '|')
                                .count());
            }
        }
        return shape;
    }

    @Test
    void thePagesExplainEveryParameterOfTheStep() throws Exception {
        List<String> parameters = Stream.of(RunWorkflowStep.class.getMethods())
                .filter(each -> each.isAnnotationPresent(DataBoundSetter.class))
                .map(Method::getName)
                .map(each -> each.substring(3, 4).toLowerCase(Locale.ROOT) + each.substring(4))
                .toList();
        assertThat(parameters).contains("file", "credentials", "allowNested");
        for (Path page : PAGES) {
            assertThat(parameters)
                    .allSatisfy(each -> assertThat(Files.readString(page)).contains("\n| `" + each + "` |"));
        }
    }

    /** The names behind {@code #} are made as GitHub and Gitee make them. */
    @Test
    void linksLeadToFilesAndHeadingsThatAreThere() throws Exception {
        for (Path page : PAGES) {
            String text = Files.readString(page);
            Matcher links = Pattern.compile("\\]\\(([^)#:]*)(#[^)]*)?\\)").matcher(text);
            while (links.find()) {
                Path target = links.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(links.group(1)).normalize();
                assertThat(target).exists();
                if (links.group(2) != null) {
                    assertThat(Files.readString(target)
                                    .lines()
                                    .filter(each -> each.startsWith("#"))
                                    .map(WorkflowExamplesTest::anchor))
                            .contains(links.group(2));
                }
            }
        }
    }

    private static String anchor(String heading) {
        return "#"
                + heading.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
    }

    // ---- runs

    private Path file(String path, String content) throws IOException {
        Path file = root.resolve("workspace").resolve(path).normalize();
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private RunState run(String example) throws Exception {
        String yaml = Files.readString(EXAMPLES.resolve(example));
        return run(yaml, plan(yaml, example));
    }

    private RunState run(String yaml, Plan plan) throws Exception {
        if (build == null) {
            build = LocalBuild.in(root);
        }
        RunFolder folder = RunFolder.create(root.resolve("mini-build"), yaml, plan);
        CompletableFuture<State> end = new CompletableFuture<>();
        new WorkflowRun(
                        plan,
                        new LocalGround(end),
                        new WorkflowRun.Means(
                                "example-" + UUID.randomUUID(),
                                folder,
                                new Redactor(),
                                pool,
                                (millis, task) -> {
                                    Future<?> later = pool.schedule(task, millis, TimeUnit.MILLISECONDS);
                                    return () -> later.cancel(false);
                                },
                                Clock.systemUTC(),
                                1 << 20,
                                Map.of()))
                .begin();
        end.get(5, TimeUnit.MINUTES);
        return folder.state(plan);
    }

    /** States by job; why, where a job did not succeed. */
    private static Map<String, String> states(RunState run) {
        return run.getJobs().stream()
                .collect(Collectors.toMap(
                        JobState::getId, each -> each.getState().word(), (one, other) -> one, TreeMap::new));
    }

    private String kept(String path) throws IOException {
        return Files.readString(build.artifacts().resolve("workflow").resolve(path));
    }

    @Test
    void theFirstWorkflowPassesTheVersionOn() throws Exception {
        RunState run = run("first.yaml");

        assertThat(run.getState()).as(build.log()).isEqualTo(State.SUCCEEDED);
        assertThat(states(run)).containsOnlyKeys("after all", "lint", "pack", "test (smoke)", "test (unit)", "version");
        assertThat(kept("pack/dist/version.txt")).isEqualTo("Version 1.0.0\n");
        assertThat(build.log())
                .contains("[test (unit)/run] The unit tests are green")
                .contains("[after all/post 1] The workflow succeeded");
    }

    @Test
    void stagesRunOneAfterTheOther() throws Exception {
        RunState run = run("stages.yaml");

        assertThat(run.getState()).as(build.log()).isEqualTo(State.SUCCEEDED);
        assertThat(run.job("build.app").getStarted())
                .isGreaterThanOrEqualTo(Math.max(
                        run.job("check.lint").getEnded(), run.job("check.test").getEnded()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"packages/web/src/page.js", "packages/shared/api.json", "docs/a.md"})
    void aChangeBuildsTheirPackagesOnly(String changed) throws Exception {
        for (String each : List.of("web", "api")) {
            file("packages/" + each + "/build.sh", "#!/bin/sh\nmkdir -p dist && echo " + each + " > dist/built.txt\n");
        }
        file("check-links.sh", "#!/bin/sh\necho \"links of $1\"\n");
        changes = Set.of(changed);

        RunState run = run("monorepo.yaml");

        assertThat(run.getState()).as(build.log()).isEqualTo(State.SUCCEEDED);
        assertThat(states(run))
                .containsEntry("web", changed.startsWith("packages/") ? "succeeded" : "skipped")
                .containsEntry("api", changed.startsWith("packages/shared") ? "succeeded" : "skipped")
                .containsEntry("docs", changed.startsWith("docs/") ? "succeeded" : "skipped")
                .containsEntry("together", changed.startsWith("packages/") ? "succeeded" : "skipped");
    }

    /** With a program called go that writes what it was asked for: no Go has to be on this machine. */
    @Test
    void theGoServiceKeepsAProgramForEachProcessor() throws Exception {
        Path bin = file("../bin/go", """
                #!/bin/sh
                echo "go $*"
                [ "$1" != build ] || { mkdir -p "$(dirname "$3")" && echo "$GOOS $GOARCH $CGO_ENABLED" > "$3"; }
                """).getParent();
        build = LocalBuild.in(root).env("PATH", bin.toRealPath() + ":" + System.getenv("PATH"));

        RunState run = run("go-service.yaml");

        assertThat(run.getState()).as(build.log()).isEqualTo(State.SUCCEEDED);
        for (String each : List.of("amd64", "arm64")) {
            assertThat(kept(Artifacts.folder("build (" + each + ")") + "/dist/" + each + "/app"))
                    .isEqualTo("linux " + each + " 0\n");
        }
    }

    @Test
    void theReportOfTheNightIsWrittenAlthoughASuiteFails() throws Exception {
        file("run-suite.sh", "#!/bin/sh\necho \"$1 on $2\"\n[ \"$1-$2\" != unit-mysql ]\n");

        RunState run = run("nightly.yaml");

        assertThat(run.getState()).as(build.log()).isEqualTo(State.SUCCEEDED);
        assertThat(states(run))
                .containsEntry("suite (unit, mysql)", "failed")
                .containsEntry("suite (performance, mysql)", "succeeded")
                .containsEntry("report", "succeeded")
                .doesNotContainKey("suite (performance, sqlite)");
        assertThat(run.job("suite (unit, mysql)").getSteps().get(0).attempt()).isEqualTo(2);
        assertThat(kept("report/reports/summary.txt").lines())
                .containsExactlyInAnyOrder(
                        "integration on mysql",
                        "integration on sqlite",
                        "performance on mysql",
                        "unit on mysql",
                        "unit on sqlite");
    }

    /** What the page says about quotes, and that a value never becomes code. */
    @Test
    void aReferenceIsAVariableWhoseValueIsData() throws Exception {
        String evil = "$(touch made) `touch made` \"; touch made; ' \\ *";
        variables.put("NAME", evil);

        String yaml = """
                jobs:
                  say:
                    outputs: [name]
                    steps:
                      - name: double
                        command: printf '%s\\n' "${variables.NAME}" > double
                      - name: single
                        command: printf '%s\\n' '${variables.NAME}' '$${variables.NAME}' > single
                      - name: pass on
                        command: printf 'name=%s\\n' "${variables.NAME}" >> "$MINI_BUILD_OUTPUT"
                  hear:
                    needs: say
                    steps:
                      - name: hear
                        command: printf '%s\\n' "${jobs.say.outputs.name}" > heard
                """;
        ParsedWorkflow parsed = WorkflowParser.parse(yaml, steps());
        assertThat(parsed.problems()).singleElement().satisfies(each -> assertThat(each.line("quotes"))
                .contains("single quotes"));
        RunState run = run(
                yaml,
                Planner.plan(
                        parsed.workflow(), new PlanRequest("quotes", "", variables, facts, List.of(), 0, null, 0)));

        assertThat(run.getState()).as(build.log()).isEqualTo(State.SUCCEEDED);
        Path workspace = root.resolve("workspace");
        assertThat(workspace.resolve("double")).hasContent(evil);
        assertThat(workspace.resolve("heard")).hasContent(evil);
        assertThat(Files.readAllLines(workspace.resolve("single")))
                .containsExactly("${MINI_BUILD_REF_1}", "${variables.NAME}");
        assertThat(workspace.resolve("made")).doesNotExist();
    }

    /** One workspace on this machine, with real processes and real artifacts. */
    private final class LocalGround implements Ground {
        private final CompletableFuture<State> end;
        private final Hosts hosts = new Hosts((context, news) -> new AgentJobHost(
                new AgentJobHost.Agent(context.workspace(), context.temp(), context.launcher(), context.environment()),
                news));

        LocalGround(CompletableFuture<State> end) {
            this.end = end;
        }

        @Override
        public void place(PlannedJob job, String label, JobState state, Placing answer) {
            pool.execute(() -> answer.placed(
                    new AgentPlace(new AgentPlace.Where("", build.workspace().getRemote()), new Backing())));
        }

        private final class Backing implements AgentPlace.Backing {
            @Override
            public KeptContext kept() {
                return new KeptContext(() -> build);
            }

            @Override
            public Hosts hosts() {
                return hosts;
            }

            @Override
            public boolean exists() {
                return true;
            }

            @Override
            public void prepare(PlannedJob job, List<PlannedJob> bring, BuildContext there, Texts texts) {
                assertThat(bring).isEmpty();
            }

            @Override
            public void finish(PlannedJob job, boolean well, BuildContext there, Texts texts)
                    throws IOException, InterruptedException {
                List<String> patterns = new ArrayList<>();
                for (var each : job.artifacts()) {
                    patterns.add(texts.of(each));
                }
                Artifacts.keep(there, "workflow/" + Artifacts.folder(job.id()), patterns, Artifacts.Limits.DEFAULT);
            }

            @Override
            public Map<String, Object> use(
                    String step, Map<String, Object> with, EnvVars environment, BuildContext there, OutputStream log)
                    throws IOException {
                throw new IOException("no example that is run here uses a step");
            }

            @Override
            public String version() {
                return "1";
            }

            @Override
            public void release() {}
        }

        @Override
        public void withdraw(String job) {}

        @Override
        public String secret(Reference reference) throws IOException {
            throw new IOException("no example that is run here uses a credential");
        }

        @Override
        public boolean changed(String pattern) {
            return changes.stream().anyMatch(Glob.paths(pattern)::matches);
        }

        @Override
        public void output(PlannedJob job, int step, byte[] bytes) {
            new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line ->
                            say("[" + job.id() + "/" + job.steps().get(step).name() + "] " + line));
        }

        @Override
        public void outputEnds(PlannedJob job, int step) {}

        @Override
        public void say(String line) {
            build.listener().getLogger().println(line);
        }

        @Override
        public void entry(Entry entry) {}

        @Override
        public void ended(State state, String text) {
            try {
                hosts.close();
                say(text);
                end.complete(state);
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        }
    }
}
