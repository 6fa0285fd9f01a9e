package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import jenkins.model.Jenkins;
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
    public static final class DescriptorImpl extends TaskBuilderDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.CreateMergeRequestStep_displayName();
        }

        /** The form of the step, which config.jelly shows. */
        public CreateMergeRequestStep.DescriptorImpl getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(CreateMergeRequestStep.DescriptorImpl.class);
        }
    }
}
