package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Descriptor;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Result;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The limits around a freestyle build. The wait is not here but in Jenkins' queue: {@link LimitsQueueAdapter}. Holds one
 * nested step, so that there is one form.
 */
public final class MiniBuildLimitsWrapper extends BuildWrapper {
    private final MiniBuildLimitsStep step;

    /** Takes the parameters. */
    @DataBoundConstructor
    public MiniBuildLimitsWrapper(MiniBuildLimitsStep step) {
        this.step = step == null ? new MiniBuildLimitsStep() : step;
    }

    public MiniBuildLimitsStep getStep() {
        return step;
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public OutputStream decorateLogger(AbstractBuild build, OutputStream logger) {
        SlotTicketAction action = build.getAction(SlotTicketAction.class);
        String id = action == null ? "" : action.ticket().id();
        return LimitsLogAdapter.ofBuild(logger, new LogBudget(step.resolved()), () -> {
            Watch watch = SlotsAdapter.get().watchOf(id);
            if (watch != null) {
                watch.lineLogged();
            }
        });
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public Launcher decorateLauncher(AbstractBuild build, Launcher launcher, BuildListener listener) {
        Node node = build.getBuiltOn();
        return node == null
                ? launcher
                : new CommandLimitsAdapter(step.resolved()).decorate(launcher, node.getNodeName());
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        try (BoundLocale spoken = LanguageAdapter.bind(build)) {
            return setUpSpoken(build, launcher, listener);
        }
    }

    private Environment setUpSpoken(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        if (step == null) {
            throw new AbortException(Messages.MiniBuildLimitsWrapper_noStep());
        }
        step.check();
        SlotTicketAction action = build.getAction(SlotTicketAction.class);
        Executor executor = build.getExecutor();
        if (action == null || executor == null) {
            throw new AbortException(Messages.MiniBuildLimitsWrapper_noTicket());
        }
        if (action.tooLong() != null) {
            listener.getLogger().println("[miniBuildLimits] " + action.refused());
            SlotsAdapter.record(build, action.tooLong());
            executor.interrupt(step.resolved().onExpiry(), action.tooLong());
            throw new InterruptedException(action.refused());
        }
        if (action.refused() != null) {
            throw new AbortException(action.refused());
        }
        FilePath workspace = build.getWorkspace();
        Node node = build.getBuiltOn();
        if (workspace == null || node == null) {
            throw new AbortException(Messages.MiniBuildLimitsWrapper_offline());
        }
        FreestyleBlock block = new FreestyleBlock(build, executor, listener, step.resolved());
        Set<Place> places = ConcurrentHashMap.newKeySet();
        places.add(new Place(node.getNodeName(), workspace.getRemote()));
        listener.getLogger()
                .println("[miniBuildLimits] " + Messages.Slots_heldByBuild(String.join("', '", action.pools())));
        Ticket ticket = action.ticket();
        SlotsAdapter.get()
                .watch(
                        ticket.id(),
                        new Watch.Subject(ticket.id(), step.resolved(), System.currentTimeMillis(), places, block));
        return new Environment() {
            @Override
            public void buildEnvVars(Map<String, String> env) {
                env.put(Watch.MARK, ticket.id());
            }

            @Override
            public boolean tearDown(AbstractBuild ended, BuildListener log) {
                Watch watch = SlotsAdapter.get().endWatch(ticket.id(), log);
                if (watch != null && (block.isExceeded() || Result.ABORTED.equals(ended.getResult()))) {
                    watch.endProcesses();
                }
                return true;
            }
        };
    }

    /** A freestyle build as a watched block. */
    static final class FreestyleBlock implements Watch.Block {
        private final AbstractBuild<?, ?> build;
        private final Executor executor;
        private final BuildListener listener;
        private final Limits limits;
        private volatile boolean exceeded;

        FreestyleBlock(AbstractBuild<?, ?> build, Executor executor, BuildListener listener, Limits limits) {
            this.build = build;
            this.executor = executor;
            this.listener = listener;
            this.limits = limits;
        }

        boolean isExceeded() {
            return exceeded;
        }

        @Override
        public Optional<Locale> language() {
            return LanguageAdapter.of(build.getParent());
        }

        @Override
        public void say(String line) {
            listener.getLogger().println("[miniBuildLimits] " + line);
        }

        @Override
        public void exceeded(Excess excess) {
            exceeded = true;
            SlotsAdapter.record(build, excess);
            executor.interrupt(limits.onExpiry(), excess);
        }

        @Override
        public int interruptions() {
            return SlotsAdapter.interruptions(build);
        }
    }

    @Extension
    @Symbol("miniBuildLimits")
    public static final class DescriptorImpl extends BuildWrapperDescriptor {
        @Override
        public BuildWrapper newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> super.newInstance(req, formData));
        }

        @Override
        public String getDisplayName() {
            return Messages.MiniBuildLimitsWrapper_displayName();
        }

        /** For the nested form. */
        public Descriptor<Step> getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(MiniBuildLimitsStep.DescriptorImpl.class);
        }

        @Override
        public boolean isApplicable(AbstractProject<?, ?> item) {
            return true;
        }
    }
}
