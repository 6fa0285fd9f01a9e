package io.jenkins.plugins.minibuild.checkout;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
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
    public static final class DescriptorImpl extends TaskBuilderDescriptor<GiteeCheckoutStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(GiteeCheckoutStep.DescriptorImpl.class);
        }
    }
}
