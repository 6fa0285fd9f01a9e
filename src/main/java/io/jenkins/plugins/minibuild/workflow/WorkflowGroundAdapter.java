package io.jenkins.plugins.minibuild.workflow;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.TopLevelItem;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.JenkinsBuildAdapter;
import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.place.AgentPlace;
import io.jenkins.plugins.minibuild.workflow.place.Hosts;
import io.jenkins.plugins.minibuild.workflow.place.KeptContext;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.run.Entry;
import io.jenkins.plugins.minibuild.workflow.run.Ground;
import io.jenkins.plugins.minibuild.workflow.run.JobState;
import io.jenkins.plugins.minibuild.workflow.run.State;
import io.jenkins.plugins.minibuild.workflow.run.Texts;
import io.jenkins.plugins.minibuild.workflow.run.Timers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** A build as the ground of a workflow: its own workspace, executors of other agents by Jenkins' queue, its credentials, its log. */
final class WorkflowGroundAdapter implements Ground {
    private static final Logger LOGGER = Logger.getLogger(WorkflowGroundAdapter.class.getName());

    private static final long FIRST_LOOK = 200;
    private static final long LATEST_LOOK = 15_000;

    /** Belongs to one machine, so it is not taken to another one. */
    private static final Set<String> OF_THE_AGENT = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "PWD",
            "OLDPWD",
            "TMPDIR",
            "TEMP",
            "TMP",
            "HOSTNAME",
            "NODE_NAME",
            "NODE_LABELS",
            "EXECUTOR_NUMBER",
            "WORKSPACE",
            "WORKSPACE_TMP",
            "JENKINS_NODE_COOKIE",
            "JENKINS_SERVER_COOKIE",
            "HUDSON_COOKIE",
            "HUDSON_SERVER_COOKIE",
            "JENKINS_HOME",
            "HUDSON_HOME");

    private final Run<?, ?> run;
    /** The build's own workspace. */
    private final KeptContext own;

    private final Means means;
    private final WorkflowConsole console;
    private final Hosts ownHosts;
    private final BiConsumer<State, String> end;
    private final Map<String, Runnable> waiting = new HashMap<>();
    private final PlaceWorkAdapter work;
    private boolean changesKnown;
    private Set<String> changes;

    /**
     * What the ground works with.
     *
     * @param number of the run in its build
     * @param plan of the run
     * @param credentials ids that the workflow may use
     * @param redactor of the run
     * @param log of the build; it masks
     * @param pool threads that may wait
     * @param opener makes hosts
     */
    record Means(
            int number,
            Plan plan,
            List<String> credentials,
            Redactor redactor,
            TaskListener log,
            Executor pool,
            Timers timers,
            Hosts.Opener opener) {}

    WorkflowGroundAdapter(Run<?, ?> run, KeptContext.Source own, Means means, BiConsumer<State, String> end) {
        this.run = run;
        this.own = new KeptContext(own);
        this.means = means;
        this.console = new WorkflowConsole(means.log().getLogger(), System::currentTimeMillis);
        this.ownHosts = new Hosts(means.opener());
        this.end = end;
        this.work = new PlaceWorkAdapter(run, means.number(), means.plan().facts());
    }

    // ---- places

    @Override
    public void place(PlannedJob job, String label, JobState state, Placing answer) {
        boolean again = state.getState() == State.RUNNING && state.getAgent() != null && state.getPart() != null;
        if (label.isEmpty()) {
            look(job.id(), () -> answer.placed(ownPlace()), FIRST_LOOK);
        } else if (again) {
            look(job.id(), () -> answer.placed(placeAgain(job, state)), FIRST_LOOK);
        } else {
            means.pool().execute(() -> queue(job, label, answer));
        }
    }

    /** Something that is tried until the agent is connected. */
    private interface Look {
        void run() throws IOException, InterruptedException;
    }

    private void look(String job, Look look, long wait) {
        synchronized (waiting) {
            waiting.put(job, () -> {});
        }
        means.pool().execute(() -> lookNow(job, look, wait));
    }

    private void lookNow(String job, Look look, long wait) {
        synchronized (waiting) {
            if (!waiting.containsKey(job)) {
                return;
            }
        }
        try {
            look.run();
            synchronized (waiting) {
                waiting.remove(job);
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "A job of a workflow waits for its agent", e);
            synchronized (waiting) {
                if (waiting.containsKey(job)) {
                    Runnable cancel = means.timers().after(wait, () -> means.pool()
                            .execute(() -> lookNow(job, look, Math.min(LATEST_LOOK, wait * 2))));
                    waiting.put(job, cancel);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void withdraw(String job) {
        Runnable cancel;
        synchronized (waiting) {
            cancel = waiting.remove(job);
        }
        if (cancel != null) {
            cancel.run();
        }
    }

    private AgentPlace ownPlace() throws IOException, InterruptedException {
        BuildContext context = own.get();
        AgentPlace.Where where =
                new AgentPlace.Where(context.agent(), context.workspace().getRemote());
        return new AgentPlace(where, new Backing(false, own, ownHosts, where.agent(), () -> {}));
    }

    /** Waits in Jenkins' queue for an executor of an agent with that label. */
    private void queue(PlannedJob job, String expression, Placing answer) {
        Label label;
        try {
            label = Label.parseExpression(expression);
        } catch (IllegalArgumentException e) {
            answer.refused(Messages.WorkflowGroundAdapter_label(expression, String.valueOf(e.getMessage())));
            return;
        }
        AgentTaskAdapter task = new AgentTaskAdapter(run, job.name(), label, new AgentTaskAdapter.Taker() {
            @Override
            public void taken(AgentTaskAdapter.Held held) {
                synchronized (waiting) {
                    if (waiting.remove(job.id()) == null) {
                        held.release();
                        return;
                    }
                }
                means.pool().execute(() -> place(held, answer));
            }

            @Override
            public void stopped(String user) {
                LiveRunsAdapter.cancelJob(run, means.number(), job.id(), user);
            }

            @Override
            public void cancelled() {
                boolean wanted;
                synchronized (waiting) {
                    wanted = waiting.remove(job.id()) != null;
                }
                if (wanted) {
                    means.pool().execute(() -> answer.refused(Messages.WorkflowGroundAdapter_queueCancelled()));
                }
            }
        });
        synchronized (waiting) {
            waiting.put(job.id(), task::withdraw);
        }
        task.schedule();
    }

    private void place(AgentTaskAdapter.Held held, Placing answer) {
        try {
            FilePath workspace = workspace(held.node());
            WorkspaceList.Lease lease = held.computer().getWorkspaceList().allocate(workspace);
            answer.placed(place(held.node(), lease.path.getRemote(), lease, held));
        } catch (IOException e) {
            held.release();
            answer.refused(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            held.release();
            Thread.currentThread().interrupt();
        }
    }

    private FilePath workspace(Node node) throws IOException {
        FilePath workspace = run.getParent() instanceof TopLevelItem item ? node.getWorkspaceFor(item) : null;
        if (workspace == null) {
            throw new AbortException(Messages.WorkflowGroundAdapter_offline(node.getDisplayName()));
        }
        return workspace;
    }

    private AgentPlace place(
            Node node, String workspace, WorkspaceList.Lease lease, @CheckForNull AgentTaskAdapter.Held held) {
        KeptContext context = new KeptContext(() -> context(node.getNodeName(), workspace));
        Hosts hosts = new Hosts(means.opener());
        return new AgentPlace(
                new AgentPlace.Where(node.getNodeName(), workspace),
                new Backing(true, context, hosts, node.getNodeName(), () -> {
                    lease.release();
                    if (held != null) {
                        held.release();
                    }
                }));
    }

    /** The place that a job had before the controller was started again. Its process goes on, so it does not wait for an executor; it takes one as soon as there is one. */
    private AgentPlace placeAgain(PlannedJob job, JobState state) throws IOException, InterruptedException {
        String name = state.getAgent();
        BuildContext context = context(name, state.getWorkspace());
        Node node = node(name);
        Computer computer = node.toComputer();
        WorkspaceList.Lease lease = computer == null
                ? WorkspaceList.Lease.createDummyLease(context.workspace())
                : computer.getWorkspaceList().acquire(context.workspace(), true);
        AgentTaskAdapter.Later later =
                new AgentTaskAdapter.Later(user -> LiveRunsAdapter.cancelJob(run, means.number(), job.id(), user));
        AgentTaskAdapter task = new AgentTaskAdapter(run, job.name(), node.getSelfLabel(), later);
        later.task(task);
        task.schedule();
        return place(node, state.getWorkspace(), lease, later);
    }

    private static Node node(String name) throws IOException {
        Computer computer = Jenkins.get().getComputer(name);
        Node node = computer == null ? null : computer.getNode();
        if (node == null) {
            throw new AbortException(Messages.WorkflowGroundAdapter_unknown(name));
        }
        return node;
    }

    /** The context of a build on an agent by its name. */
    private BuildContext context(String name, String path) throws IOException, InterruptedException {
        Node node = node(name);
        Computer computer = node.toComputer();
        if (computer == null || computer.getChannel() == null) {
            throw new AbortException(Messages.WorkflowGroundAdapter_offline(node.getDisplayName()));
        }
        FilePath workspace = new FilePath(computer.getChannel(), path);
        Launcher launcher = node.createLauncher(means.log());
        EnvVars environment = new EnvVars(computer.getEnvironment());
        environment.overrideAll(run.getEnvironment(means.log()));
        inherit(environment);
        environment.put("NODE_NAME", name.isEmpty() ? "built-in" : name);
        environment.put("WORKSPACE", path);
        return JenkinsBuildAdapter.on(run, node, workspace, launcher, environment, means.log());
    }

    /** What blocks around the step have set holds on other agents too, but for what belongs to the build's own one. */
    private void inherit(EnvVars environment) throws InterruptedException {
        try {
            BuildContext here = own.get();
            Node node = node(here.agent());
            Computer computer = node.toComputer();
            EnvVars machine = computer == null ? new EnvVars() : computer.getEnvironment();
            here.environment().forEach((name, value) -> {
                if (!OF_THE_AGENT.contains(name) && !value.equals(machine.get(name))) {
                    environment.putIfAbsent(name, value);
                }
            });
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The build's own agent is away", e);
        }
    }

    /** What stands behind the places of this build. */
    private final class Backing implements AgentPlace.Backing {
        private final boolean elsewhere;
        private final KeptContext context;
        private final Hosts hosts;
        private final String node;
        private final Runnable release;

        Backing(boolean elsewhere, KeptContext context, Hosts hosts, String node, Runnable release) {
            this.elsewhere = elsewhere;
            this.context = context;
            this.hosts = hosts;
            this.node = node;
            this.release = release;
        }

        @Override
        public KeptContext kept() {
            return context;
        }

        @Override
        public Hosts hosts() {
            return hosts;
        }

        @Override
        public boolean exists() {
            return node.isEmpty() || Jenkins.get().getNode(node) != null;
        }

        @Override
        public void prepare(PlannedJob job, List<PlannedJob> bring, BuildContext there, Texts texts)
                throws IOException, InterruptedException {
            work.prepare(job, new PlaceWorkAdapter.Needed(elsewhere ? own.get() : null, bring), there, texts);
        }

        @Override
        public void finish(PlannedJob job, boolean well, BuildContext there, Texts texts)
                throws IOException, InterruptedException {
            work.finish(job, well, there, texts);
        }

        @Override
        public Map<String, Object> use(
                String step, Map<String, Object> with, EnvVars environment, BuildContext there, OutputStream log)
                throws IOException, InterruptedException {
            return work.use(step, with, environment, there, log);
        }

        @Override
        public String version() {
            return work.version();
        }

        @Override
        public void release() {
            try {
                if (elsewhere) {
                    hosts.close();
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "An agent that is away", e);
            } finally {
                release.run();
            }
        }
    }

    // ---- the build

    @Override
    public String secret(Reference reference) throws IOException {
        String id = reference.name();
        if (!means.credentials().contains(id)) {
            throw new AbortException(Messages.WorkflowGroundAdapter_credential(id));
        }
        StandardCredentials found;
        try {
            found = own.get().credentials().find(id, StandardCredentials.class, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbortException(String.valueOf(e.getMessage()));
        }
        if (found == null) {
            throw new AbortException(Messages.WorkflowGroundAdapter_noCredential(id));
        }
        if (found instanceof StringCredentials text && reference.key().isEmpty()) {
            return text.getSecret().getPlainText();
        }
        if (found instanceof StandardUsernamePasswordCredentials login) {
            if (reference.key().equals("username")) {
                return login.getUsername();
            }
            if (reference.key().equals("password")) {
                return login.getPassword().getPlainText();
            }
            throw new AbortException(Messages.WorkflowGroundAdapter_login(id));
        }
        throw new AbortException(Messages.WorkflowGroundAdapter_kind(id));
    }

    @Override
    public synchronized boolean changed(String pattern) {
        if (!changesKnown) {
            changes = WorkflowFactsAdapter.changed(run);
            changesKnown = true;
        }
        return WorkflowFactsAdapter.matches(changes, pattern);
    }

    private static String prefix(PlannedJob job, int step) {
        return "[" + job.id() + "/" + job.steps().get(step).name() + "] ";
    }

    @Override
    public void output(PlannedJob job, int step, byte[] bytes) {
        console.output(prefix(job, step), bytes);
    }

    @Override
    public void outputEnds(PlannedJob job, int step) {
        console.end(prefix(job, step));
    }

    @Override
    public void say(String line) {
        console.say(line);
    }

    @Override
    public void entry(Entry entry) {
        if (entry.state() != null
                && !entry.state().isOpen()
                && (entry.kind() == Entry.Kind.JOB || entry.kind() == Entry.Kind.RUN)) {
            // Messages may have to be written to a disk; the run does not wait for them.
            means.pool()
                    .execute(() -> WorkflowNewsAdapter.tell(
                            run, means.number(), means.plan().name(), entry));
        }
    }

    @Override
    public void ended(State state, String text) {
        try {
            ownHosts.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "An agent that is away", e);
        }
        end.accept(state, text);
    }
}
