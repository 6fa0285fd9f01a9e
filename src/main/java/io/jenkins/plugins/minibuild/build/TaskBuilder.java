package io.jenkins.plugins.minibuild.build;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Node;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jenkinsci.plugins.structs.describable.DescribableModel;

/**
 * A step as a freestyle build step: one nested step holds the parameters, so that there is one form, one set of checks
 * and one help. {@code $VARIABLES} in text parameters are expanded, as freestyle users expect.
 *
 * @param <S> the step
 */
public abstract class TaskBuilder<S extends TaskStep<?>> extends Builder {
    /** The step with the parameters; kept by the subclass, so that its type is known to who stores and binds it. */
    public abstract S getStep();

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        FilePath workspace = build.getWorkspace();
        Node node = build.getBuiltOn();
        if (workspace == null || node == null) {
            throw new AbortException("The agent of this build is offline. Start it, then build again.");
        }
        EnvVars environment = build.getEnvironment(listener);
        environment.overrideAll(build.getBuildVariables());
        expanded(environment, listener)
                .perform(new JenkinsBuildAdapter(build, node, workspace, launcher, environment, listener));
        return true;
    }

    private TaskStep<?> expanded(EnvVars environment, BuildListener listener) throws AbortException {
        S step = getStep();
        if (step == null) {
            throw new AbortException(
                    "This build step has no parameters. Open the job's configuration, fill it in and save it.");
        }
        @SuppressWarnings("unchecked")
        DescribableModel<TaskStep<?>> model = DescribableModel.of((Class<TaskStep<?>>) step.getClass());
        Map<String, Object> arguments = new TreeMap<>();
        model.uninstantiate2(step)
                .getArguments()
                .forEach((name, value) ->
                        arguments.put(name, value instanceof String text ? environment.expand(text) : value));
        try {
            return model.instantiate(arguments, listener);
        } catch (IllegalArgumentException e) {
            // what a setter refuses only after expansion: its own words are inside
            Throwable refusal = e;
            while (refusal.getCause() != null) {
                refusal = refusal.getCause();
            }
            throw new AbortException(String.valueOf(refusal.getMessage()));
        }
    }

    /** Offered by every kind of freestyle project. */
    public abstract static class TaskBuilderDescriptor extends BuildStepDescriptor<Builder> {
        @Override
        @SuppressWarnings("rawtypes") // as declared by Jenkins
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }
    }
}
