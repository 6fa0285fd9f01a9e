package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.tools.ToolInstallation;
import io.jenkins.plugins.minibuild.step.NpmToolInstaller;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Installs one version of {@code @anthropic-ai/claude-code} from the npm registry into the agent's tools folder. */
public final class ClaudeInstaller extends NpmToolInstaller {

    /** The version that the plugin is tested with. */
    public static final String DEFAULT_VERSION = "2.1.197";

    /**
     * Binds the form.
     *
     * @param label the agents that this installer is for; null for all
     * @param version the exact version; null or empty for {@value #DEFAULT_VERSION}
     * @throws IllegalArgumentException when it is not a version
     */
    @DataBoundConstructor
    public ClaudeInstaller(@CheckForNull String label, @CheckForNull String version) {
        super(label, version, DEFAULT_VERSION);
    }

    @Override
    protected String packageName() {
        return "@anthropic-ai/claude-code";
    }

    @Override
    @CheckForNull
    protected String integrity() {
        return getVersion().equals(DEFAULT_VERSION)
                ? "sha512-EqrwbRcI7M5y8jQlayIfTMmbZJ2OQaLOc7KwIWKdryQCdKWUEFr+C9rMovZUuj2Asndi7aqLujEzRtr471gncg=="
                : null;
    }

    @Extension
    @Symbol("claudeInstaller")
    public static final class DescriptorImpl extends NpmToolInstallerDescriptor<ClaudeInstaller> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ClaudeInstaller_displayName();
        }

        @Override
        protected Class<? extends ToolInstallation> tool() {
            return ClaudeInstallation.class;
        }
    }
}
