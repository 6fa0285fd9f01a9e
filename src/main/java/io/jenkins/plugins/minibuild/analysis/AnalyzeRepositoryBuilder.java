package io.jenkins.plugins.minibuild.analysis;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code analyzeRepository} as a freestyle build step. */
public final class AnalyzeRepositoryBuilder extends TaskBuilder<AnalyzeRepositoryStep> {
    private final AnalyzeRepositoryStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public AnalyzeRepositoryBuilder(AnalyzeRepositoryStep step) {
        this.step = step;
    }

    @Override
    public AnalyzeRepositoryStep getStep() {
        return step;
    }

    @Extension
    @Symbol("analyzeRepositoryBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor<AnalyzeRepositoryStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(AnalyzeRepositoryStep.DescriptorImpl.class);
        }
    }
}
