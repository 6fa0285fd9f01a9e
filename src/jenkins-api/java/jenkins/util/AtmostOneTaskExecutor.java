package jenkins.util;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs one task after each {@link #submit}; submits while it runs are one more run. */
public class AtmostOneTaskExecutor<V> {
    private final ExecutorService base;
    private final Callable<V> task;
    private CompletableFuture<V> pending;

    public AtmostOneTaskExecutor(ExecutorService base, Callable<V> task) {
        this.base = base;
        this.task = task;
    }

    public AtmostOneTaskExecutor(Callable<V> task) {
        this(
                Executors.newSingleThreadExecutor(run -> {
                    Thread thread = new Thread(run, "AtmostOneTaskExecutor");
                    thread.setDaemon(true);
                    return thread;
                }),
                task);
    }

    public synchronized Future<V> submit() {
        if (pending == null) {
            pending = new CompletableFuture<>();
            base.execute(this::run);
        }
        return pending;
    }

    private void run() {
        CompletableFuture<V> mine;
        synchronized (this) {
            mine = pending;
            pending = null;
        }
        try {
            mine.complete(task.call());
        } catch (Throwable e) {
            mine.completeExceptionally(e);
        }
    }
}
