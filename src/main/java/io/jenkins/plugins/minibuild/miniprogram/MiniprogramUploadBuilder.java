package io.jenkins.plugins.minibuild.miniprogram;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code miniprogramUpload} as a freestyle build step. */
public final class MiniprogramUploadBuilder extends TaskBuilder<MiniprogramUploadStep> {
    private final MiniprogramUploadStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public MiniprogramUploadBuilder(MiniprogramUploadStep step) {
        this.step = step;
    }

    @Override
    public MiniprogramUploadStep getStep() {
        return step;
    }

    @Extension
    @Symbol("miniprogramUploadBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor<MiniprogramUploadStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(MiniprogramUploadStep.DescriptorImpl.class);
        }
    }
}
