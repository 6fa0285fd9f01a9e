package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import jenkins.model.Jenkins;
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
    public static final class DescriptorImpl extends TaskBuilderDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ClaudeCodegenStep_displayName();
        }

        /** The form of the step, which config.jelly shows. */
        public ClaudeCodegenStep.DescriptorImpl getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(ClaudeCodegenStep.DescriptorImpl.class);
        }
    }
}
