package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.tools.ToolInstallation;
import hudson.tools.ToolInstaller;
import hudson.tools.ToolInstallerDescriptor;
import hudson.util.FormValidation;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Installs one version of an npm package into the agent's tools folder. */
public abstract class NpmToolInstaller extends ToolInstaller {
    private final String version;

    /**
     * @param label the agents that this installer is for; null for all
     * @param version the exact version; null or empty for the standard one
     * @throws IllegalArgumentException when it is not a version
     */
    protected NpmToolInstaller(@CheckForNull String label, @CheckForNull String version, String standard) {
        super(label);
        this.version = checked(version, standard);
    }

    /** The package's name. */
    protected abstract String packageName();

    /** The integrity of the version that the plugin is tested with, as npm writes it; null for any other version. */
    @CheckForNull
    protected abstract String integrity();

    /** The exact version. */
    public String getVersion() {
        return version;
    }

    private static String checked(@CheckForNull String version, String standard) {
        String trimmed = Util.fixEmptyAndTrim(version);
        return NpmTool.checkVersion(trimmed == null ? standard : trimmed);
    }

    @Override
    public FilePath performInstallation(ToolInstallation tool, Node node, TaskListener log)
            throws IOException, InterruptedException {
        FilePath home = preferredLocation(tool, node);
        Launcher launcher = node.createLauncher(log);
        if (launcher == null) {
            throw new AbortException(Messages.NpmTool_noNpm(node.getDisplayName()));
        }
        InstalledTools installed =
                new InstalledTools(Jenkins.get().getRootDir().toPath().resolve("mini-build/tools"));
        new NpmTool(packageName(), version, integrity(), installed)
                .into(home, launcher, new EnvVars(), log, node.getDisplayName());
        return home;
    }

    /** Describes an installer for one kind of tool. */
    public abstract static class NpmToolInstallerDescriptor<T extends NpmToolInstaller>
            extends ToolInstallerDescriptor<T> {
        /** The kind of tool that it installs. */
        protected abstract Class<? extends ToolInstallation> tool();

        @Override
        public boolean isApplicable(Class<? extends ToolInstallation> toolType) {
            return toolType == tool();
        }

        @POST
        public FormValidation doCheckVersion(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            try {
                checked(value, "0.0.0");
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
