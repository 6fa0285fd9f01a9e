package io.jenkins.plugins.minibuild.workflow;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code runWorkflow} as a freestyle build step. */
public final class RunWorkflowBuilder extends TaskBuilder<RunWorkflowStep> {
    private final RunWorkflowStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public RunWorkflowBuilder(RunWorkflowStep step) {
        this.step = step;
    }

    @Override
    public RunWorkflowStep getStep() {
        return step;
    }

    @Extension
    @Symbol("runWorkflowBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor<RunWorkflowStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(RunWorkflowStep.DescriptorImpl.class);
        }
    }
}
