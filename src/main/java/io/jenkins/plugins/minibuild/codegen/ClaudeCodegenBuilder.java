package io.jenkins.plugins.minibuild.codegen;

import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code claudeCodegen} as a freestyle build step. */
public final class ClaudeCodegenBuilder extends TaskBuilder<ClaudeCodegenStep> {
    private final ClaudeCodegenStep step;

    /** Wraps the step that holds the parameters. */
    @DataBoundConstructor
    public ClaudeCodegenBuilder(ClaudeCodegenStep step) {
        this.step = step;
    }

    @Override
    public ClaudeCodegenStep getStep() {
        return step;
    }

    @Extension
    @Symbol("claudeCodegenBuilder")
    public static final class DescriptorImpl extends TaskBuilderDescriptor<ClaudeCodegenStep.DescriptorImpl> {
        public DescriptorImpl() {
            super(ClaudeCodegenStep.DescriptorImpl.class);
        }
    }
}
