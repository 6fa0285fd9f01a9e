package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code miniprogramPreview} as a freestyle build step. */
public final class MiniprogramPreviewBuilder extends TaskBuilder<MiniprogramPreviewStep> {
    private final MiniprogramPreviewStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public MiniprogramPreviewBuilder(MiniprogramPreviewStep step) {
        this.step = step;
    }

    @Override
    public MiniprogramPreviewStep getStep() {
        return step;
    }

    @Extension
    @Symbol("miniprogramPreviewBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PreviewStep_displayName();
        }

        /** The form of the step, which config.jelly shows. */
        public MiniprogramPreviewStep.DescriptorImpl getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(MiniprogramPreviewStep.DescriptorImpl.class);
        }
    }
}
