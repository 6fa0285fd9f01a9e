package hudson.model.listeners;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.model.TaskListener;

/** Is told of builds. */
@SuppressWarnings("rawtypes") // as declared by Jenkins
public abstract class RunListener<R extends Run> implements ExtensionPoint {
    public void onStarted(R r, TaskListener listener) {}

    public void onCompleted(R r, @NonNull TaskListener listener) {}

    public void onFinalized(R r) {}

    public void onDeleted(R r) {}
}
