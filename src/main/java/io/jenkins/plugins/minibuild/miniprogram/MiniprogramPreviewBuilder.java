package io.jenkins.plugins.minibuild.miniprogram;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
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
    public static final class DescriptorImpl extends TaskBuilderDescriptor<MiniprogramPreviewStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(MiniprogramPreviewStep.DescriptorImpl.class);
        }
    }
}
