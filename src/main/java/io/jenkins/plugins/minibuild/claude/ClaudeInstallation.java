package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentSpecific;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.slaves.NodeSpecific;
import hudson.tools.ToolDescriptor;
import hudson.tools.ToolInstallation;
import hudson.tools.ToolInstaller;
import hudson.tools.ToolProperty;
import java.io.IOException;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * A {@code claude} command that an admin configured under Manage Jenkins, Tools: a folder on the agents, or one that Jenkins
 * fills with {@link ClaudeInstaller}.
 */
public final class ClaudeInstallation extends ToolInstallation
        implements NodeSpecific<ClaudeInstallation>, EnvironmentSpecific<ClaudeInstallation> {

    private static final long serialVersionUID = 1L;

    /**
     * Binds the form.
     *
     * @param home the folder whose {@code node_modules} holds the package, or which holds the command; null when an installer decides
     */
    @DataBoundConstructor
    public ClaudeInstallation(
            String name, @CheckForNull String home, @CheckForNull List<? extends ToolProperty<?>> properties) {
        super(name, home, properties == null ? List.of() : properties);
    }

    @Override
    public ClaudeInstallation forNode(@NonNull Node node, TaskListener log) throws IOException, InterruptedException {
        // Only the home is asked of the result; its properties have done their work in translateFor.
        return new ClaudeInstallation(getName(), translateFor(node, log), List.of());
    }

    @Override
    public ClaudeInstallation forEnvironment(@NonNull EnvVars environment) {
        return new ClaudeInstallation(getName(), environment.expand(getHome()), List.of());
    }

    @Extension
    @Symbol("claude")
    public static final class DescriptorImpl extends ToolDescriptor<ClaudeInstallation> {

        /** Loads what was configured. */
        public DescriptorImpl() {
            load();
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ClaudeInstallation_displayName();
        }

        @Override
        public List<? extends ToolInstaller> getDefaultInstallers() {
            return List.of(new ClaudeInstaller(null, ClaudeInstaller.DEFAULT_VERSION));
        }

        @Override
        public void setInstallations(ClaudeInstallation... installations) {
            super.setInstallations(installations);
            save();
        }
    }
}
