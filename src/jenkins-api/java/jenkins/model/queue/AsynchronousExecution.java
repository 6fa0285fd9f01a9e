package jenkins.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Thrown by what runs on an executor to go on without its thread. */
public abstract class AsynchronousExecution extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected AsynchronousExecution() {}

    public abstract void interrupt(boolean forShutdown);

    public abstract boolean blocksRestart();

    public abstract boolean displayCell();

    public final synchronized void completed(@CheckForNull Throwable error) {}
}
