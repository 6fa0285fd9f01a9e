package io.jenkins.plugins.minibuild.review;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code aiReview} as a freestyle build step. */
public final class AiReviewBuilder extends TaskBuilder<AiReviewStep> {
    private final AiReviewStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public AiReviewBuilder(AiReviewStep step) {
        this.step = step;
    }

    @Override
    public AiReviewStep getStep() {
        return step;
    }

    @Extension
    @Symbol("aiReviewBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor<AiReviewStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(AiReviewStep.DescriptorImpl.class);
        }
    }
}
