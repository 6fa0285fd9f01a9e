package hudson.tools;

import hudson.ExtensionPoint;
import hudson.model.Describable;

/** A setting of a tool installation. */
public abstract class ToolProperty<T extends ToolInstallation>
        implements Describable<ToolProperty<?>>, ExtensionPoint {}
