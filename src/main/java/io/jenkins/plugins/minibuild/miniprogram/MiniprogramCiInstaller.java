package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.tools.ToolInstallation;
import io.jenkins.plugins.minibuild.step.NpmToolInstaller;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Installs one version of {@code miniprogram-ci} from the npm registry into the agent's tools folder. */
public final class MiniprogramCiInstaller extends NpmToolInstaller {

    /** The version that the plugin is tested with. */
    public static final String DEFAULT_VERSION = "2.1.42";

    /**
     * Binds the form.
     *
     * @param label the agents that this installer is for; null for all
     * @param version the exact version; null or empty for {@value #DEFAULT_VERSION}
     * @throws IllegalArgumentException when it is not a version
     */
    @DataBoundConstructor
    public MiniprogramCiInstaller(@CheckForNull String label, @CheckForNull String version) {
        super(label, version, DEFAULT_VERSION);
    }

    @Override
    protected String packageName() {
        return "miniprogram-ci";
    }

    @Override
    @CheckForNull
    protected String integrity() {
        return getVersion().equals(DEFAULT_VERSION)
                ? "sha512-H/bq0Wo6kMbwzcOM4jiYSMuQUkND50+zeyY8EkJuY1TQYijkLbFmNK/CFsFJsJgVcvXZ94wn8Do50YSO/Rv6/w=="
                : null;
    }

    @Extension
    @Symbol("miniprogramCiInstaller")
    public static final class DescriptorImpl extends NpmToolInstallerDescriptor<MiniprogramCiInstaller> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.Installer_displayName();
        }

        @Override
        protected Class<? extends ToolInstallation> tool() {
            return MiniprogramCiInstallation.class;
        }
    }
}
