package org.jenkinsci.plugins.workflow.log;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** Sees what a Pipeline logs before it is written. */
public abstract class TaskListenerDecorator implements Serializable {
    private static final long serialVersionUID = 1L;

    @NonNull
    public abstract OutputStream decorate(@NonNull OutputStream logger) throws IOException, InterruptedException;

    /** Is asked for each step of a Pipeline. */
    public interface Factory extends ExtensionPoint {
        @CheckForNull
        TaskListenerDecorator of(@NonNull FlowExecutionOwner owner);
    }
}
