package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.JenkinsBuildAdapter;
import io.jenkins.plugins.minibuild.step.ShellLine;
import io.jenkins.plugins.minibuild.step.StepUseAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import io.jenkins.plugins.minibuild.workflow.parse.ParsedWorkflow;
import io.jenkins.plugins.minibuild.workflow.parse.Problem;
import io.jenkins.plugins.minibuild.workflow.parse.WorkflowParser;
import io.jenkins.plugins.minibuild.workflow.parse.WrittenDuration;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.State;
import io.jenkins.plugins.minibuild.workflow.run.WorkflowRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.structs.describable.CustomDescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code runWorkflow}: runs a YAML workflow as a graph of jobs. In a Pipeline it outlives restarts of the controller. */
public final class RunWorkflowStep extends TaskStep<WorkflowResult> {
    private static final int MOST_PARALLEL = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private String file;
    private String yaml;
    private String variables;
    private String jobs;
    private String credentials;
    private Boolean failFast;
    private Integer maxParallel;
    private String timeout;
    private boolean dryRun;
    private boolean allowNested;

    /** Everything has a default. */
    @DataBoundConstructor
    public RunWorkflowStep() {}

    /** The file below the workspace; null for the first of the known names that is there. */
    @CheckForNull
    public String getFile() {
        return file;
    }

    @DataBoundSetter
    public void setFile(@CheckForNull String value) {
        file = Util.fixEmptyAndTrim(value);
    }

    /** The workflow itself, instead of a file; null for a file. */
    @CheckForNull
    public String getYaml() {
        return yaml;
    }

    @DataBoundSetter
    @ShellLine
    public void setYaml(@CheckForNull String value) {
        yaml = value == null || value.isBlank() ? null : value;
    }

    /** Lines {@code NAME=value}; a Pipeline may give a map. Null for none. */
    @CheckForNull
    public String getVariables() {
        return variables;
    }

    /** @throws IllegalArgumentException naming the line that is none */
    @DataBoundSetter
    public void setVariables(@CheckForNull String value) {
        variables(value);
        variables = Util.fixEmptyAndTrim(value);
    }

    /** The jobs that run, with those that they need; separated by commas or lines, null for all. */
    @CheckForNull
    public String getJobs() {
        return jobs;
    }

    @DataBoundSetter
    public void setJobs(@CheckForNull String value) {
        jobs = Util.fixEmptyAndTrim(value);
    }

    /** Ids of the credentials that the workflow may use, separated by commas; null for none. */
    @CheckForNull
    public String getCredentials() {
        return credentials;
    }

    @DataBoundSetter
    public void setCredentials(@CheckForNull String value) {
        credentials = Util.fixEmptyAndTrim(value);
    }

    /** A boolean; null for what the workflow says. Declarative Pipelines and forms need one type for all of these. */
    @CheckForNull
    public Object getFailFast() {
        return failFast;
    }

    /**
     * @param value a boolean or its word; null or empty for what the workflow says
     * @throws IllegalArgumentException for another word
     */
    @DataBoundSetter
    public void setFailFast(@CheckForNull Object value) {
        String given = value == null ? "" : value.toString().trim();
        if (!given.isEmpty() && !given.equals("true") && !given.equals("false")) {
            throw new IllegalArgumentException(Messages.RunWorkflowStep_failFast(given));
        }
        failFast = given.isEmpty() ? null : (Boolean) Boolean.parseBoolean(given);
    }

    /** The most jobs at once; 0 for what the workflow says. */
    public int getMaxParallel() {
        return maxParallel == null ? 0 : maxParallel;
    }

    /** @throws IllegalArgumentException for a number that makes no sense */
    @DataBoundSetter
    public void setMaxParallel(int value) {
        maxParallel = checkedParallel(value) == 0 ? null : (Integer) value;
    }

    /** The longest time of the whole, as {@code 3600} (seconds), {@code 10m} or {@code 2h}; null for what the workflow says. */
    @CheckForNull
    public Object getTimeout() {
        return timeout;
    }

    /**
     * @param value a number of seconds, or a text
     * @throws IllegalArgumentException for what is no time
     */
    @DataBoundSetter
    public void setTimeout(@CheckForNull Object value) {
        String given = value == null ? null : Util.fixEmptyAndTrim(value.toString());
        if (!FormAdapter.isVariable(given)) {
            millis(given);
        }
        timeout = given;
    }

    /** Whether it is planned and printed only. */
    public boolean isDryRun() {
        return dryRun;
    }

    @DataBoundSetter
    public void setDryRun(boolean value) {
        dryRun = value;
    }

    /** Whether it may run inside of another pipeline, in a container of its own. */
    public boolean isAllowNested() {
        return allowNested;
    }

    @DataBoundSetter
    public void setAllowNested(boolean value) {
        allowNested = value;
    }

    private static int checkedParallel(int value) {
        if (value < 0 || value > MOST_PARALLEL) {
            throw new IllegalArgumentException(Messages.RunWorkflowStep_maxParallel(MOST_PARALLEL));
        }
        return value;
    }

    private static long millis(@CheckForNull String text) {
        if (text == null) {
            return 0;
        }
        return WrittenDuration.of(text)
                .filter(each -> !each.isZero())
                .orElseThrow(() -> new IllegalArgumentException(Messages.RunWorkflowStep_timeout(text)))
                .toMillis();
    }

    private static Map<String, String> variables(@CheckForNull String text) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String line : Util.fixNull(text).split("\\r?\\n")) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? line.strip() : line.substring(0, equals).strip();
            if (equals < 0 || !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(Messages.RunWorkflowStep_variable(line.strip()));
            }
            all.put(name, line.substring(equals + 1));
        }
        return all;
    }

    private static List<String> list(@CheckForNull String text) {
        return FormAdapter.names(Util.fixNull(text).replaceAll("[\\r\\n]+", ","));
    }

    WorkflowRequest request() {
        return new WorkflowRequest(
                file,
                yaml,
                variables(variables),
                list(jobs),
                list(credentials),
                failFast,
                getMaxParallel(),
                millis(timeout),
                dryRun,
                allowNested);
    }

    /** Not without a build: see {@link #work}. */
    @Override
    public BuildTask<WorkflowResult> task() {
        return context -> {
            throw new AbortException(Messages.RunWorkflowStep_noBuild());
        };
    }

    /** In a freestyle build: it waits on the build's own thread. A build that ends early ends the workflow. */
    @Override
    protected WorkflowResult work(Run<?, ?> run, BuildContext context) throws IOException, InterruptedException {
        WorkflowRequest request = request();
        WorkflowBuildAdapter.Planned planned = WorkflowBuildAdapter.plan(run, request, context);
        if (request.dryRun()) {
            WorkflowBuildAdapter.print(planned.plan(), context.listener().getLogger());
            return new WorkflowResult(0, State.PENDING, "", Map.of());
        }
        RunFolder folder = WorkflowBuildAdapter.store(run, planned);
        WorkflowBuildAdapter.link(
                run, folder.number(), context.listener(), Jenkins.get().getRootUrl());
        OpenWorkflowsListener.opened(run, folder.number(), context);
        CompletableFuture<String> end = new CompletableFuture<>();
        WorkflowRun live = WorkflowBuildAdapter.begin(
                run,
                folder,
                () -> WorkflowBuildAdapter.connected(run, context),
                request.credentials(),
                context.listener(),
                (state, text) -> {
                    OpenWorkflowsListener.closed(run, folder.number());
                    end.complete(text);
                });
        String text;
        try {
            text = end.get();
        } catch (InterruptedException e) {
            live.abort("");
            awaitAborted(live, end);
            throw e;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        WorkflowResult result = WorkflowResult.of(folder.number(), folder.state(planned.plan()), text);
        if (result.state() != State.SUCCEEDED) {
            throw new AbortException(
                    Messages.RunWorkflowStep_ended(result.state().word(), text));
        }
        return result;
    }

    /** What runs after a cancel has its time; a second abort ends it at once. */
    private static void awaitAborted(WorkflowRun live, CompletableFuture<String> end) {
        while (true) {
            try {
                end.get();
                return;
            } catch (InterruptedException e) {
                live.abort("");
            } catch (ExecutionException e) {
                return;
            }
        }
    }

    @Override
    public Map<String, Object> toReturnValue(WorkflowResult result) {
        return result.toMap();
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, this);
    }

    /**
     * The step in a Pipeline. The program holds only the number of the run and what it may use; the rest is in the build's folder. While the workflow is read and planned it has a
     * thread, afterwards none. After a restart the run goes on from its journal; one that was not stored yet is planned again.
     */
    static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1L;

        private static final Logger LOGGER = Logger.getLogger(Execution.class.getName());
        private static final int STORE_MINUTES = 1;

        /** The parameters of the step, with which it is made again after a restart. */
        @SuppressWarnings("serial") // strings, numbers and booleans
        private final TreeMap<String, Object> arguments;
        /** The name of the user as whom the step runs. */
        private final String user;
        /** The number of the run in its build; 0 while it is planned. */
        private volatile int number;

        private transient Future<?> planning;
        private transient WorkflowRun live;
        private transient Throwable stopped;
        private transient boolean over;

        Execution(StepContext context, RunWorkflowStep step) {
            super(context);
            this.arguments = new TreeMap<>(DescribableModel.of(RunWorkflowStep.class)
                    .uninstantiate2(step)
                    .getArguments());
            this.user = Jenkins.getAuthentication2().getName();
        }

        @Override
        public synchronized boolean start() {
            planning = Computer.threadPoolForRemoting.submit(() -> spoken(this::plan));
            return false;
        }

        @Override
        public void onResume() {
            if (number == 0) {
                start();
            } else {
                Computer.threadPoolForRemoting.execute(() -> spoken(this::begin));
            }
        }

        private interface Work {
            void run() throws IOException, InterruptedException;
        }

        private void spoken(Work work) {
            try (BoundLocale spoken = LanguageAdapter.bind(getContext().get(Run.class));
                    ACLContext as = ACL.as2(authentication(user))) {
                work.run();
            } catch (InterruptedException e) {
                LOGGER.log(Level.FINE, "Interrupted while a workflow was planned", e);
            } catch (IOException | RuntimeException | LinkageError e) {
                fail(e);
            }
        }

        private RunWorkflowStep step(TaskListener log) {
            return DescribableModel.of(RunWorkflowStep.class).instantiate(arguments, log);
        }

        private BuildContext context() throws IOException, InterruptedException {
            BuildContext context = JenkinsBuildAdapter.of(getContext());
            if (context == null) {
                throw new AbortException(Messages.RunWorkflowStep_noWorkspace());
            }
            return context;
        }

        private void plan() throws IOException, InterruptedException {
            Run<?, ?> run = getContext().get(Run.class);
            BuildContext context = context();
            WorkflowRequest request = step(context.listener()).request();
            WorkflowBuildAdapter.Planned planned = WorkflowBuildAdapter.plan(run, request, context);
            if (request.dryRun()) {
                WorkflowBuildAdapter.print(planned.plan(), context.listener().getLogger());
                succeed(new WorkflowResult(0, State.PENDING, "", Map.of()));
                return;
            }
            RunFolder folder = WorkflowBuildAdapter.store(run, planned);
            synchronized (this) {
                if (over) {
                    return;
                }
                number = folder.number();
            }
            try {
                getContext().saveState().get(STORE_MINUTES, TimeUnit.MINUTES);
            } catch (ExecutionException | TimeoutException e) {
                throw new AbortException(Messages.RunWorkflowStep_notStored(String.valueOf(e.getMessage())));
            }
            WorkflowBuildAdapter.link(
                    run, number, context.listener(), Jenkins.get().getRootUrl());
            begin();
        }

        private void begin() throws IOException, InterruptedException {
            Run<?, ?> run = getContext().get(Run.class);
            TaskListener log = getContext().get(TaskListener.class);
            RunFolder folder = RunFolder.of(WorkflowBuildAdapter.folder(run), number);
            WorkflowRun begun = WorkflowBuildAdapter.begin(
                    run,
                    folder,
                    this::context,
                    step(log).request().credentials(),
                    log,
                    (state, text) -> ended(folder, text));
            Throwable cause;
            synchronized (this) {
                live = begun;
                cause = stopped;
            }
            if (cause != null) {
                begun.abort(text(cause));
            }
        }

        private void ended(RunFolder folder, String text) {
            Throwable cause;
            synchronized (this) {
                cause = stopped;
            }
            try {
                WorkflowResult result = WorkflowResult.of(number, folder.state(folder.plan()), text);
                if (cause != null) {
                    fail(cause);
                } else if (result.state() == State.SUCCEEDED) {
                    succeed(result);
                } else if (result.state() == State.CANCELLED) {
                    fail(new FlowInterruptedException(Result.ABORTED, false, new WorkflowCause(text)));
                } else {
                    fail(new AbortException(
                            Messages.RunWorkflowStep_ended(result.state().word(), text)));
                }
            } catch (IOException e) {
                fail(e);
            }
        }

        private synchronized boolean endsNow() {
            boolean first = !over;
            over = true;
            return first;
        }

        private void succeed(WorkflowResult result) {
            if (endsNow()) {
                getContext().onSuccess(result.toMap());
            }
        }

        private void fail(Throwable cause) {
            if (endsNow()) {
                getContext().onFailure(cause);
            }
        }

        private static String text(Throwable cause) {
            return cause instanceof FlowInterruptedException interrupted
                    ? interrupted.getCauses().stream()
                            .map(CauseOfInterruption::getShortDescription)
                            .collect(Collectors.joining("; "))
                    : "";
        }

        @Override
        public void stop(@NonNull Throwable cause) {
            WorkflowRun running;
            synchronized (this) {
                if (stopped == null) {
                    stopped = cause;
                }
                running = live;
                if (running == null && number == 0 && planning != null) {
                    planning.cancel(true);
                }
            }
            if (running != null) {
                // It may have to write to the disk.
                Computer.threadPoolForRemoting.execute(() -> spoken(() -> running.abort(text(cause))));
            } else if (number == 0) {
                fail(cause);
            }
        }

        @Override
        public String getStatus() {
            return number == 0 ? "plans the workflow" : "runs workflow " + number;
        }
    }

    @Extension
    @Symbol("runWorkflow")
    public static final class DescriptorImpl extends TaskStepDescriptor implements CustomDescribableModel {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.RunWorkflowStep_DisplayName();
        }

        /** In a Pipeline variables may be a map, and lists may be lists. */
        @NonNull
        @Override
        public Map<String, Object> customInstantiate(@NonNull Map<String, Object> given) {
            Map<String, Object> plain = new LinkedHashMap<>(given);
            plain.computeIfPresent(
                    "variables",
                    (name, value) -> value instanceof Map<?, ?> map
                            ? map.entrySet().stream()
                                    .map(each -> each.getKey() + "=" + oneLine(each.getValue()))
                                    .collect(Collectors.joining("\n"))
                            : value);
            for (String each : List.of("jobs", "credentials")) {
                plain.computeIfPresent(
                        each,
                        (name, value) -> value instanceof Collection<?> list
                                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                                : value);
            }
            return plain;
        }

        private static String oneLine(Object value) {
            String text = String.valueOf(value);
            if (text.contains("\n") || text.contains("\r")) {
                throw new IllegalArgumentException(Messages.RunWorkflowStep_lines());
            }
            return text;
        }

        /** The Snippet Generator shows variables as a map. */
        @NonNull
        @Override
        public UninstantiatedDescribable customUninstantiate(@NonNull UninstantiatedDescribable given) {
            Map<String, Object> shown = new LinkedHashMap<>(given.getArguments());
            shown.computeIfPresent("variables", (name, value) -> variables((String) value));
            for (String each : List.of("jobs", "credentials")) {
                shown.computeIfPresent(each, (name, value) -> new ArrayList<>(list((String) value)));
            }
            return given.withArguments(shown);
        }

        @POST
        public FormValidation doCheckYaml(@AncestorInPath Item item, @QueryParameter String value) {
            if (!FormAdapter.mayConfigure(item) || Util.fixNull(value).isBlank()) {
                return FormValidation.ok();
            }
            ParsedWorkflow parsed = WorkflowParser.parse(value, StepUseAdapter.names(PlaceWorkAdapter::isUsable));
            String problems =
                    parsed.problems().stream().map(each -> each.line("yaml")).collect(Collectors.joining("\n"));
            boolean error = parsed.problems().stream().anyMatch(each -> each.severity() == Problem.Severity.ERROR);
            return error
                    ? FormValidation.error(problems)
                    : problems.isEmpty() ? FormValidation.ok() : FormValidation.warning(problems);
        }

        @POST
        public FormValidation doCheckVariables(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> variables(value));
        }

        @POST
        public FormValidation doCheckTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> millis(Util.fixEmptyAndTrim(value)));
        }

        @POST
        public FormValidation doCheckMaxParallel(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(
                    item, () -> checkedParallel(Util.fixEmptyAndTrim(value) == null ? 0 : FormAdapter.number(value)));
        }

        @POST
        public ListBoxModel doFillFailFastItems(@AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.RunWorkflowStep_failFastDefault(), "");
                items.add(Messages.RunWorkflowStep_failFastYes(), "true");
                items.add(Messages.RunWorkflowStep_failFastNo(), "false");
            }
            return items;
        }
    }
}
