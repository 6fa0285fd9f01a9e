package io.jenkins.plugins.minibuild.notify;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The threads of all queues. Safe for use by several threads. */
final class Workers {
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private volatile boolean stopped;

    /**
     * @param threads run senders, which block
     * @param timer wakes queues, which takes no time
     */
    Workers(Executor threads, ScheduledExecutorService timer) {
        this.threads = threads;
        this.timer = timer;
    }

    void run(Runnable work) {
        threads.execute(work);
    }

    Future<?> later(Runnable work, long millis) {
        return timer.schedule(work, millis, TimeUnit.MILLISECONDS);
    }

    /** Queues send nothing more after this. What waits stays on disk. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }
}
