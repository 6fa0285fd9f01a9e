package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import java.beans.Introspector;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * A step as a freestyle build step: one nested step holds the parameters, so that there is one form, one set of checks
 * and one help. {@code $VARIABLES} in text parameters are expanded, as freestyle users expect; in a {@link ShellLine} the shell does it.
 *
 * @param <S> the step
 */
public abstract class TaskBuilder<S extends TaskStep<?>> extends Builder {
    /** The step with the parameters; the subclass keeps it, so that Stapler and XStream see its type. */
    public abstract S getStep();

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        try (BoundLocale spoken = LanguageAdapter.bind(build)) {
            return performSpoken(build, launcher, listener);
        }
    }

    private boolean performSpoken(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        FilePath workspace = build.getWorkspace();
        Node node = build.getBuiltOn();
        if (workspace == null || node == null) {
            throw new AbortException(Messages.TaskBuilder_offline());
        }
        EnvVars environment = build.getEnvironment(listener);
        environment.overrideAll(build.getBuildVariables());
        TaskStep<?> task;
        try {
            task = expanded(environment, listener);
        } catch (AbortException e) {
            // Nothing else can say it on the page: there is no step yet that could.
            BuildFactsAction.add(build, Map.of(Fact.ERROR, String.valueOf(e.getMessage())));
            StepErrorsAction.add(build, getDescriptor().getDisplayName(), e.getMessage());
            throw e;
        }
        SlotProviderAdapter slots = task.slotPool() == null ? null : SlotProviderAdapter.find();
        if (slots == null) {
            task.perform(new JenkinsBuildAdapter(build, node, workspace, launcher, environment, listener, null));
            return true;
        }
        Executor executor = build.getExecutor();
        SlotWait waiting = new SlotWait(cause -> interrupt(executor, cause));
        SlotProviderAdapter.SlotRequest request = slots.request(
                new SlotProviderAdapter.Need(
                        SlotProviderAdapter.Wanted.by(task, build.getParent(), environment),
                        build,
                        environment,
                        node.getNodeName(),
                        workspace.getRemote(),
                        listener),
                waiting);
        try {
            // The build has had its slot since it left Jenkins' queue, so this does not wait.
            SlotWait.Grant grant = waiting.await();
            environment.putAll(grant.variables());
            task.perform(new JenkinsBuildAdapter(
                    build, node, workspace, request.limited(launcher), environment, grant.log(), request));
            return true;
        } finally {
            request.release();
        }
    }

    /** A limit ends the build with its own result and words. */
    private static void interrupt(Executor executor, Throwable cause) {
        if (cause instanceof FlowInterruptedException limit) {
            executor.interrupt(limit.getResult(), limit.getCauses().toArray(CauseOfInterruption[]::new));
        }
    }

    private TaskStep<?> expanded(EnvVars environment, BuildListener listener) throws AbortException {
        S step = getStep();
        if (step == null) {
            throw new AbortException(Messages.TaskBuilder_empty());
        }
        @SuppressWarnings("unchecked")
        DescribableModel<TaskStep<?>> model = DescribableModel.of((Class<TaskStep<?>>) step.getClass());
        Map<String, Object> arguments =
                expanded(step.getClass(), model.uninstantiate2(step).getArguments(), environment);
        try {
            return model.instantiate(arguments, listener);
        } catch (IllegalArgumentException e) {
            // what a setter refuses only after expansion: its own words are inside
            throw new AbortException(RefusedValueException.innermost(e));
        }
    }

    /** The arguments of a step with the values of variables, but for its lines for a shell. */
    static Map<String, Object> expanded(Class<?> type, Map<String, ?> given, EnvVars environment) {
        Set<String> shellLines = shellLines(type);
        Map<String, Object> arguments = new TreeMap<>();
        given.forEach((name, value) -> arguments.put(
                name, value instanceof String text && !shellLines.contains(name) ? environment.expand(text) : value));
        return arguments;
    }

    private static Set<String> shellLines(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(each -> each.isAnnotationPresent(ShellLine.class))
                .map(each -> Introspector.decapitalize(each.getName().substring("set".length())))
                .collect(Collectors.toSet());
    }

    /**
     * Offered by every kind of freestyle project, under the name of the step and with its form.
     *
     * @param <D> the descriptor of the step
     */
    public abstract static class TaskBuilderDescriptor<D extends TaskStep.TaskStepDescriptor>
            extends BuildStepDescriptor<Builder> {
        private final Class<D> step;

        protected TaskBuilderDescriptor(Class<D> step) {
            this.step = step;
        }

        /**
         * The form of the step, which config.jelly shows. It is not looked for among all descriptors: while Jenkins starts it sorts these by name, and the
         * name of this one would begin to sort them again.
         */
        public D getStepDescriptor() {
            return ExtensionList.lookupSingleton(step);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return getStepDescriptor().getDisplayName();
        }

        @Override
        public Builder newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> super.newInstance(req, formData));
        }

        @Override
        @SuppressWarnings("rawtypes") // as declared by Jenkins
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }
    }
}
