package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
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
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Installs one version of {@code miniprogram-ci} from the npm registry into the agent's tools folder. */
public final class MiniprogramCiInstaller extends ToolInstaller {

    /** The version that the plugin is tested with. */
    public static final String DEFAULT_VERSION = "2.1.42";

    private final String version;

    /**
     * Binds the form.
     *
     * @param label the agents that this installer is for; null for all
     * @param version the exact version; null or empty for {@value #DEFAULT_VERSION}
     * @throws IllegalArgumentException when it is not a version
     */
    @DataBoundConstructor
    public MiniprogramCiInstaller(@CheckForNull String label, @CheckForNull String version) {
        super(label);
        String trimmed = Util.fixEmptyAndTrim(version);
        this.version = NpmInstall.checkVersion(trimmed == null ? DEFAULT_VERSION : trimmed);
    }

    /** The exact version. */
    public String getVersion() {
        return version;
    }

    @Override
    public FilePath performInstallation(ToolInstallation tool, Node node, TaskListener log)
            throws IOException, InterruptedException {
        FilePath home = preferredLocation(tool, node);
        Launcher launcher = node.createLauncher(log);
        if (launcher == null) {
            throw new AbortException(Messages.Installer_noNpm(node.getDisplayName()));
        }
        new NpmInstall(version).into(home, launcher, new EnvVars(), log, node.getDisplayName());
        return home;
    }

    /** Describes the installer. */
    @Extension
    @Symbol("miniprogramCiInstaller")
    public static final class DescriptorImpl extends ToolInstallerDescriptor<MiniprogramCiInstaller> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.Installer_displayName();
        }

        @Override
        public boolean isApplicable(Class<? extends ToolInstallation> toolType) {
            return toolType == MiniprogramCiInstallation.class;
        }

        /** Checks the version in the form. */
        @POST
        public FormValidation doCheckVersion(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            String trimmed = Util.fixEmptyAndTrim(value);
            try {
                NpmInstall.checkVersion(trimmed == null ? DEFAULT_VERSION : trimmed);
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
