package io.jenkins.plugins.minibuild.merge;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code createMergeRequest} as a freestyle build step. */
public final class CreateMergeRequestBuilder extends TaskBuilder<CreateMergeRequestStep> {
    private final CreateMergeRequestStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public CreateMergeRequestBuilder(CreateMergeRequestStep step) {
        this.step = step;
    }

    @Override
    public CreateMergeRequestStep getStep() {
        return step;
    }

    @Extension
    @Symbol("createMergeRequestBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor<CreateMergeRequestStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(CreateMergeRequestStep.DescriptorImpl.class);
        }
    }
}
