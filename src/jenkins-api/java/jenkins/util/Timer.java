package jenkins.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The one timer. */
public class Timer {
    private static final ScheduledExecutorService EXECUTOR = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "Timer");
        thread.setDaemon(true);
        return thread;
    });

    private Timer() {}

    @NonNull
    public static ScheduledExecutorService get() {
        return EXECUTOR;
    }
}
