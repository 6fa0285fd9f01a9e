package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A step that runs in a thread of its own and ends with the controller. */
public abstract class SynchronousNonBlockingStepExecution<T> extends StepExecution {
    private static final long serialVersionUID = 1L;

    private transient volatile Future<?> task;
    private transient volatile Throwable stopCause;

    protected SynchronousNonBlockingStepExecution(@NonNull StepContext context) {
        super(context);
    }

    protected abstract T run() throws Exception;

    @Override
    public final boolean start() {
        FutureTask<Void> running = new FutureTask<>(() -> {
            try {
                getContext().onSuccess(run());
            } catch (Throwable t) {
                Throwable cause = stopCause;
                if (cause != null && t != cause) {
                    cause.addSuppressed(t);
                }
                getContext().onFailure(cause == null ? t : cause);
            }
            return null;
        });
        task = running;
        Thread thread = new Thread(running, getClass().getSimpleName());
        thread.setDaemon(true);
        thread.start();
        return false;
    }

    @Override
    public void stop(@NonNull Throwable cause) {
        stopCause = cause;
        Future<?> running = task;
        if (running != null) {
            running.cancel(true);
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        return task == null ? "not running" : "running in a thread of its own";
    }
}
