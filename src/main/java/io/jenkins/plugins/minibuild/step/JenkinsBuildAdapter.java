package io.jenkins.plugins.minibuild.step;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import hudson.tools.ToolDescriptor;
import hudson.tools.ToolInstallation;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.http.HttpAdapter;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import jenkins.model.Jenkins;
import jenkins.util.BuildListenerAdapter;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** The context of a task in a real build. */
public final class JenkinsBuildAdapter implements BuildContext, CredentialSource, BuildRecord, ToolSource {
    /** How many earlier builds {@link #recall} looks at: each may have to be read from disk. */
    private static final int RECALLED_BUILDS = 50;

    private static final Logger LOGGER = Logger.getLogger(JenkinsBuildAdapter.class.getName());

    private static final RandomGenerator RANDOM = new SecureRandom();

    private final Run<?, ?> run;
    private final Node node;
    private final FilePath workspace;
    private final FilePath temp;
    private final Launcher launcher;
    private final EnvVars environment;
    private final TaskListener listener;
    private final Redactor redactor = new Redactor();
    /** Null for a step that needs no slot. */
    @CheckForNull
    private final SlotProviderAdapter.SlotRequest slot;

    JenkinsBuildAdapter(
            Run<?, ?> run,
            Node node,
            FilePath workspace,
            Launcher launcher,
            EnvVars environment,
            TaskListener listener,
            @CheckForNull SlotProviderAdapter.SlotRequest slot)
            throws IOException, InterruptedException {
        this.run = run;
        this.slot = slot;
        this.node = node;
        this.workspace = workspace;
        this.launcher = launcher;
        this.environment = environment;
        this.listener = redactor.wrap(listener, run.getCharset());
        FilePath beside = WorkspaceList.tempDir(workspace);
        this.temp = beside == null ? workspace.child(".mini-build@tmp") : beside;
        temp.mkdirs();
    }

    /**
     * The context of a step that is no {@link TaskStep}, inside a {@code node} block.
     *
     * @return null outside of one
     */
    @CheckForNull
    public static BuildContext of(StepContext context) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        Node node = context.get(Node.class);
        FilePath workspace = context.get(FilePath.class);
        Launcher launcher = context.get(Launcher.class);
        if (run == null || node == null || workspace == null || launcher == null) {
            return null;
        }
        workspace.mkdirs();
        return new JenkinsBuildAdapter(
                run, node, workspace, launcher, context.get(EnvVars.class), context.get(TaskListener.class), null);
    }

    /** The context of work of a build in a workspace of any node, which exists. */
    public static BuildContext on(
            Run<?, ?> run, Node node, FilePath workspace, Launcher launcher, EnvVars environment, TaskListener listener)
            throws IOException, InterruptedException {
        workspace.mkdirs();
        return new JenkinsBuildAdapter(run, node, workspace, launcher, environment, listener, null);
    }

    Run<?, ?> run() {
        return run;
    }

    Node node() {
        return node;
    }

    @Override
    public FilePath workspace() {
        return workspace;
    }

    @Override
    public FilePath temp() {
        return temp;
    }

    @Override
    public FilePath agentRoot() {
        FilePath root = node.getRootPath();
        return root == null ? temp : root;
    }

    @Override
    public String agent() {
        return node.getNodeName();
    }

    @Override
    public Launcher launcher() {
        return launcher;
    }

    @Override
    public EnvVars environment() {
        return environment;
    }

    @Override
    public TaskListener listener() {
        return listener;
    }

    @Override
    public Redactor redactor() {
        return redactor;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public RandomGenerator random() {
        return RANDOM;
    }

    @Override
    public CredentialSource credentials() {
        return this;
    }

    @Override
    public BuildRecord record() {
        return this;
    }

    @Override
    public ToolSource tools() {
        return this;
    }

    @Override
    public NamedSettings settings() {
        return ServicesAdapter.of(run).settings();
    }

    @Override
    public Http http() {
        return HttpAdapter.http();
    }

    @Override
    public BuildProgress progress() {
        return (track, state) -> {
            synchronized (run) {
                BuildProgressAction shown = run.getAction(BuildProgressAction.class);
                if (shown == null) {
                    shown = new BuildProgressAction();
                    run.addAction(shown);
                }
                shown.put(track, state);
            }
            try {
                run.save();
            } catch (IOException e) {
                // The build matters more than its bar; Jenkins saves it again when it ends.
                LOGGER.log(Level.FINE, "The progress of " + run + " was not stored", e);
            }
        };
    }

    @Override
    public Turn turn(String resource, Deadline deadline) throws IOException, InterruptedException {
        if (slot == null) {
            throw new IllegalStateException("A step that needs no slot cannot use " + resource + " alone");
        }
        return slot.take(resource, deadline);
    }

    @Override
    public Path controllerFolder() {
        return Jenkins.get().getRootDir().toPath().resolve("mini-build");
    }

    @Override
    public String id() {
        return run.getExternalizableId();
    }

    @Override
    public String jobName() {
        return run.getParent().getFullName();
    }

    @Override
    public Path jobFolder() {
        return run.getParent().getRootDir().toPath().resolve("mini-build");
    }

    @Override
    public Path folder() {
        return run.getRootDir().toPath().resolve("mini-build");
    }

    @Override
    public Instant started() {
        return Instant.ofEpochMilli(run.getStartTimeInMillis());
    }

    @Override
    public <C extends StandardCredentials> C find(String id, Class<C> type, @CheckForNull String url) {
        C found = CredentialsProvider.findCredentialById(
                id,
                type,
                run,
                url == null ? List.of() : URIRequirementBuilder.fromUri(url).build());
        return found == null ? null : CredentialsProvider.track(run, found);
    }

    @Override
    public String displayName() {
        return run.getFullDisplayName();
    }

    @Override
    public void archive(String path, FilePath file) throws IOException, InterruptedException {
        FilePath folder = file.getParent();
        if (folder == null) {
            throw new IOException("A file system's root cannot be an artifact");
        }
        archiveAll(Map.of(path, file.getName()), folder);
    }

    @Override
    public void archiveAll(Map<String, String> paths, FilePath folder) throws IOException, InterruptedException {
        run.pickArtifactManager().archive(folder, launcher, new BuildListenerAdapter(listener), paths);
    }

    @Override
    public void remember(Fact fact, String value) throws IOException {
        rememberAll(Map.of(fact, value));
    }

    @Override
    public void rememberAll(Map<Fact, String> more) throws IOException {
        BuildFactsAction.add(run, more);
        run.save();
    }

    @Override
    public void report(BuildEvent event) {
        BuildNewsListener.fire(run, event, Map.of());
    }

    @Override
    public void checkedOut(FilePath folder, CheckoutNews news) {
        CheckoutNewsListener.fire(run, folder, listener, news);
    }

    @Override
    public Map<Fact, String> facts() {
        return BuildFactsAction.of(run);
    }

    @Override
    public String recall(Fact fact) {
        Run<?, ?> earlier = run.getPreviousBuild();
        for (int i = 0; i < RECALLED_BUILDS && earlier != null; i++) {
            String value = BuildFactsAction.of(earlier, fact);
            if (value != null) {
                return value;
            }
            earlier = earlier.getPreviousBuild();
        }
        return null;
    }

    @Override
    public String recallRetried(Fact fact) {
        Run<?, ?> build = run;
        for (int i = 0; i < RECALLED_BUILDS; i++) {
            RetryCause cause = build.getCause(RetryCause.class);
            build = cause == null ? null : run.getParent().getBuildByNumber(cause.getNumber());
            if (build == null) {
                return null;
            }
            String value = BuildFactsAction.of(build, fact);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    @Override
    public SourceCommit source() {
        SourceCause cause = run.getCause(SourceCause.class);
        return cause == null ? null : cause.source();
    }

    @Override
    public FilePath home(Class<? extends ToolInstallation> kind, @CheckForNull String name)
            throws IOException, InterruptedException {
        ToolDescriptor<?> descriptor = (ToolDescriptor<?>) Jenkins.get().getDescriptorOrDie(kind);
        ToolInstallation[] all = descriptor.getInstallations();
        ToolInstallation found = Arrays.stream(all)
                .filter(tool -> name == null || name.equals(tool.getName()))
                .findFirst()
                .orElse(null);
        if (found == null) {
            if (name == null) {
                return null;
            }
            throw new AbortException(Messages.ToolSource_none(
                    descriptor.getDisplayName(),
                    name,
                    Arrays.stream(all).map(ToolInstallation::getName).toList()));
        }
        String home = found.translate(node, environment, listener).getHome();
        if (home == null || home.isBlank()) {
            throw new AbortException(Messages.ToolSource_noHome(descriptor.getDisplayName(), found.getName()));
        }
        return new FilePath(launcher.getChannel(), home);
    }
}
