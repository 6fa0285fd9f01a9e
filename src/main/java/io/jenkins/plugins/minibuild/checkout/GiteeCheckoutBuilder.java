package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code giteeCheckout} as a freestyle build step. */
public final class GiteeCheckoutBuilder extends TaskBuilder<GiteeCheckoutStep> {
    private final GiteeCheckoutStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public GiteeCheckoutBuilder(GiteeCheckoutStep step) {
        this.step = step;
    }

    @Override
    public GiteeCheckoutStep getStep() {
        return step;
    }

    @Extension
    @Symbol("giteeCheckoutBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GiteeCheckoutStep_DisplayName();
        }

        /** The form of the step, which config.jelly shows. */
        public GiteeCheckoutStep.DescriptorImpl getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(GiteeCheckoutStep.DescriptorImpl.class);
        }
    }
}
