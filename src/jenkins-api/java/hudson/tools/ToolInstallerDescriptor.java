package hudson.tools;

import hudson.model.Descriptor;

/** Knows a kind of installer. */
public abstract class ToolInstallerDescriptor<T extends ToolInstaller> extends Descriptor<ToolInstaller> {
    public boolean isApplicable(Class<? extends ToolInstallation> toolType) {
        return true;
    }
}
