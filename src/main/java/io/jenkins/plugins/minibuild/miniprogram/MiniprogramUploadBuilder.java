package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import jenkins.model.Jenkins;
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
    public static final class DescriptorImpl extends TaskBuilderDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.UploadStep_displayName();
        }

        /** The form of the step, which config.jelly shows. */
        public MiniprogramUploadStep.DescriptorImpl getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(MiniprogramUploadStep.DescriptorImpl.class);
        }
    }
}
