package hudson.remoting;

import java.util.concurrent.CompletableFuture;

/** The way to this JVM. */
public class LocalChannel implements VirtualChannel {
    @Override
    public <V, T extends Throwable> V call(Callable<V, T> callable) throws T {
        return callable.call();
    }

    @Override
    public <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) {
        CompletedCall<V> call = new CompletedCall<>();
        Thread thread = new Thread(() -> {
            try {
                call.complete(callable.call());
            } catch (Throwable t) {
                call.completeExceptionally(t);
            }
        });
        thread.setDaemon(true);
        call.thread = thread;
        thread.start();
        return call;
    }

    @Override
    public <T> T export(Class<T> type, T instance) {
        return instance;
    }

    private static final class CompletedCall<V> extends CompletableFuture<V> implements Future<V> {
        private volatile Thread thread;

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled && mayInterruptIfRunning) {
                thread.interrupt();
            }
            return cancelled;
        }
    }
}
