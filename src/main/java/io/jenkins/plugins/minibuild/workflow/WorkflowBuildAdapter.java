package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.claude.WorkspacePath;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.JenkinsBuildAdapter;
import io.jenkins.plugins.minibuild.step.StepUseAdapter;
import io.jenkins.plugins.minibuild.workflow.engine.AgentJobHost;
import io.jenkins.plugins.minibuild.workflow.parse.ParsedWorkflow;
import io.jenkins.plugins.minibuild.workflow.parse.Problem;
import io.jenkins.plugins.minibuild.workflow.parse.WorkflowParser;
import io.jenkins.plugins.minibuild.workflow.place.KeptContext;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlanRequest;
import io.jenkins.plugins.minibuild.workflow.plan.Planner;
import io.jenkins.plugins.minibuild.workflow.plan.UnplannableException;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.State;
import io.jenkins.plugins.minibuild.workflow.run.Timers;
import io.jenkins.plugins.minibuild.workflow.run.WorkflowRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/** Begins a workflow in a build, and goes on with it after a restart. */
final class WorkflowBuildAdapter {
    /** Where a workflow is looked for. */
    static final List<String> FILES = List.of(".mini-build.yaml", ".pipeline.yaml", ".go-idp/pipeline.yaml");

    private static final int LONGEST_FILE = 1 << 20;
    private static final long LONGEST_LOG = 2L << 30;
    private static final String RUNNER = "PIPELINE_RUNNER";

    private WorkflowBuildAdapter() {}

    /** A workflow that was read and planned. */
    record Planned(String yaml, Plan plan) {}

    static Path folder(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("mini-build");
    }

    /**
     * Reads and plans the workflow, on a thread that may wait; the log gets its problems.
     *
     * @throws AbortException if it cannot run, with all that is wrong
     */
    static Planned plan(Run<?, ?> run, WorkflowRequest request, BuildContext context)
            throws IOException, InterruptedException {
        refuseNested(request, context);
        String file = request.yaml() == null ? file(request, context) : "";
        String yaml =
                request.yaml() == null ? WorkspacePath.text(context.workspace(), file, LONGEST_FILE) : request.yaml();
        if (yaml.getBytes(StandardCharsets.UTF_8).length > LONGEST_FILE) {
            throw new AbortException(Messages.WorkflowBuildAdapter_large(LONGEST_FILE >> 10));
        }
        String shown = file.isEmpty() ? "yaml" : file;
        ParsedWorkflow parsed = WorkflowParser.parse(yaml, StepUseAdapter.names(PlaceWorkAdapter::isUsable));
        PrintStream log = context.listener().getLogger();
        parsed.problems().forEach(problem -> log.println(line(problem, shown)));
        if (parsed.workflow() == null) {
            throw new AbortException(Messages.WorkflowBuildAdapter_problems(
                    shown,
                    String.join(
                            "\n",
                            parsed.problems().stream()
                                    .filter(each -> each.severity() == Problem.Severity.ERROR)
                                    .map(each -> each.line(shown))
                                    .toList())));
        }
        try {
            Plan plan = Planner.plan(
                    parsed.workflow(),
                    new PlanRequest(
                            file,
                            Digest.sha256Hex(yaml),
                            request.variables(),
                            WorkflowFactsAdapter.of(run, context.environment()),
                            request.jobs(),
                            request.maxParallel(),
                            request.failFast(),
                            request.timeoutMillis()));
            return new Planned(yaml, plan);
        } catch (UnplannableException e) {
            throw new AbortException(
                    shown + ":" + e.position().line() + ":" + e.position().column() + ": " + e.getMessage());
        }
    }

    private static String line(Problem problem, String file) {
        return (problem.severity() == Problem.Severity.ERROR
                        ? Messages.WorkflowBuildAdapter_error()
                        : Messages.WorkflowBuildAdapter_warning())
                + " " + problem.line(file);
    }

    /** A pipeline in a pipeline easily runs for ever. */
    private static void refuseNested(WorkflowRequest request, BuildContext context)
            throws IOException, InterruptedException {
        if (!context.environment().containsKey(RUNNER)) {
            return;
        }
        if (!request.allowNested()) {
            throw new AbortException(Messages.WorkflowBuildAdapter_nested(RUNNER));
        }
        boolean contained = new FilePath(context.workspace().getChannel(), "/.dockerenv").exists()
                || new FilePath(context.workspace().getChannel(), "/run/.containerenv").exists();
        if (!contained) {
            throw new AbortException(Messages.WorkflowBuildAdapter_notContained(RUNNER));
        }
    }

    private static String file(WorkflowRequest request, BuildContext context) throws IOException, InterruptedException {
        if (request.file() != null) {
            return request.file();
        }
        for (String each : FILES) {
            if (context.workspace().child(each).exists()) {
                return each;
            }
        }
        throw new AbortException(Messages.WorkflowBuildAdapter_noFile(String.join(", ", FILES)));
    }

    /** Stores what is going to run; from here on the build has it. */
    static RunFolder store(Run<?, ?> run, Planned planned) throws IOException {
        return RunFolder.create(folder(run), planned.yaml(), planned.plan());
    }

    /**
     * Begins a stored run, or goes on with it.
     *
     * @param own the build's own workspace
     * @param credentials ids that the workflow may use
     * @param log of the build
     * @param end hears once how it ended, on a thread that may wait
     */
    static WorkflowRun begin(
            Run<?, ?> run,
            RunFolder folder,
            KeptContext.Source own,
            List<String> credentials,
            TaskListener log,
            BiConsumer<State, String> end)
            throws IOException, InterruptedException {
        Redactor redactor = new Redactor();
        Executor pool = task -> Computer.threadPoolForRemoting.execute(LanguageAdapter.speaking(run, task));
        Timers timers = (millis, task) -> {
            // Not on the threads of all timers: it may have to wait for a lock or a disk.
            ScheduledFuture<?> later = Timer.get().schedule(() -> pool.execute(task), millis, TimeUnit.MILLISECONDS);
            return () -> later.cancel(false);
        };
        Plan plan = folder.plan();
        Map<String, WorkflowRun.TakenOver> takenOver =
                Files.exists(folder.journal()) ? Map.of() : TakeOverAdapter.jobs(run, folder, plan, log);
        WorkflowRun[] live = new WorkflowRun[1];
        WorkflowGroundAdapter ground = new WorkflowGroundAdapter(
                run,
                own,
                new WorkflowGroundAdapter.Means(
                        folder.number(),
                        plan,
                        credentials,
                        redactor,
                        redactor.wrap(log, run.getCharset()),
                        pool,
                        timers,
                        (context, news) -> new AgentJobHost(
                                new AgentJobHost.Agent(
                                        context.workspace(), context.temp(), context.launcher(), context.environment()),
                                news)),
                (state, text) -> {
                    LiveRunsAdapter.remove(run, folder.number(), live[0]);
                    end.accept(state, text);
                });
        live[0] = new WorkflowRun(
                plan,
                ground,
                new WorkflowRun.Means(
                        id(run, folder.number()),
                        folder,
                        redactor,
                        pool,
                        timers,
                        Clock.systemUTC(),
                        LONGEST_LOG,
                        takenOver));
        LiveRunsAdapter.add(run, folder.number(), live[0]);
        live[0].begin();
        return live[0];
    }

    /**
     * The place of a build by the connection that its agent has now.
     *
     * @param first of the connection that it had when the build began
     * @throws IOException when the agent is not connected
     */
    static BuildContext connected(Run<?, ?> run, BuildContext first) throws IOException, InterruptedException {
        if (KeptContext.isConnected(first)) {
            return first;
        }
        return place(run, first.agent(), first.workspace().getRemote(), first.environment(), first.listener());
    }

    /**
     * A workspace by the connection that its agent has now.
     *
     * @param agent empty for the controller's own node
     * @throws IOException when the agent is not connected
     */
    static BuildContext place(Run<?, ?> run, String agent, String workspace, EnvVars environment, TaskListener log)
            throws IOException, InterruptedException {
        Computer computer = Jenkins.get().getComputer(agent);
        Node node = computer == null ? null : computer.getNode();
        if (node == null || computer.getChannel() == null) {
            throw new AbortException(Messages.WorkflowGroundAdapter_offline(agent));
        }
        return JenkinsBuildAdapter.on(
                run, node, new FilePath(computer.getChannel(), workspace), node.createLauncher(log), environment, log);
    }

    /** Unique among all runs of this controller, and short: it is a part of names of folders and containers. */
    private static String id(Run<?, ?> run, int number) {
        return Digest.sha256Hex(run.getExternalizableId() + " " + number + " " + run.getStartTimeInMillis())
                .substring(0, 16);
    }

    /** The page of a run, as a link that a log can show. */
    static void link(Run<?, ?> run, int number, TaskListener log, @CheckForNull String root) throws IOException {
        String page = run.getUrl() + "mini-build-workflow/" + number + "/";
        log.hyperlink("/" + page, Messages.WorkflowBuildAdapter_page());
        log.getLogger().println(root == null ? "" : " " + root + page);
    }

    /** Prints a plan. */
    static void print(Plan plan, PrintStream log) {
        log.println(Messages.WorkflowBuildAdapter_plan(plan.name(), plan.jobs().size(), plan.maxParallel()));
        plan.jobs().forEach(job -> {
            log.println("- " + job.id()
                    + (job.needs().isEmpty() ? "" : " <- " + String.join(", ", job.needs()))
                    + (job.when() == null ? "" : " [" + job.when().source() + "]")
                    + (job.agent() == null ? "" : " @ " + job.agent().source()));
            job.steps()
                    .forEach(step -> log.println("    " + step.name()
                            + (step.place().image() == null
                                    ? ""
                                    : " (" + step.place().image().source() + ")")
                            + (step.uses() == null ? "" : " = " + step.uses())));
        });
    }
}
