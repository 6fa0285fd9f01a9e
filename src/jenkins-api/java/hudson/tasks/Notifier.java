package hudson.tasks;

import hudson.ExtensionPoint;

/** Tells people of a build, when everything else is done. */
public abstract class Notifier extends Publisher implements ExtensionPoint {
    @SuppressWarnings("deprecation")
    protected Notifier() {}

    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.BUILD;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // as declared by Jenkins
    public BuildStepDescriptor getDescriptor() {
        return (BuildStepDescriptor) super.getDescriptor();
    }
}
