package org.jenkinsci.plugins.workflow.steps;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A step that runs. */
public abstract class StepExecution implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Without Jenkins nothing is in it. */
    private static final List<StepExecution> RUNNING = new CopyOnWriteArrayList<>();

    private final StepContext context;

    protected StepExecution(@NonNull StepContext context) {
        this.context = context;
    }

    @NonNull
    public StepContext getContext() {
        return context;
    }

    public abstract boolean start() throws Exception;

    public void stop(@NonNull Throwable cause) throws Exception {
        context.onFailure(cause);
    }

    public void onResume() {}

    public boolean blocksRestart() {
        return false;
    }

    public static ListenableFuture<?> acceptAll(Consumer<StepExecution> c) {
        RUNNING.forEach(c);
        return Futures.immediateVoidFuture();
    }

    public static <T extends StepExecution> ListenableFuture<?> acceptAll(Class<T> type, Consumer<T> c) {
        return acceptAll(execution -> {
            if (type.isInstance(execution)) {
                c.accept(type.cast(execution));
            }
        });
    }

    @CheckForNull
    public String getStatus() {
        return null;
    }
}
