package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows all jobs of a host on the agent and tells the controller, one call after the other. The first event and the end of a job wake it where the system tells
 * of new files; for all else it looks at the files from time to time. It ends with its connection.
 */
@OnAgent
final class JobFollower {
    /** A short job may be over before its folder is watched. */
    private static final long YOUNG_MILLIS = 4;

    private static final Logger LOGGER = Logger.getLogger(JobFollower.class.getName());

    private static final Map<String, JobFollower> ALL = new ConcurrentHashMap<>();

    /** Between two looks at a job that was heard of not long ago, and at another one. */
    private static final long SOON_MILLIS = 40;

    private static final long LATER_MILLIS = 80;
    private static final long RECENT_NANOS = 10_000_000_000L;

    private final String host;
    private final JobPush push;
    private final List<JobTail> added = new ArrayList<>();
    /** A permit: something has happened. */
    private final Semaphore news = new Semaphore(0);

    private final Map<String, WatchKey> keys = new ConcurrentHashMap<>();
    private final ExecutorService sweeper = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "Mini Build: ends what jobs left");
        thread.setDaemon(true);
        return thread;
    });

    @CheckForNull
    private final WatchService watch;

    private volatile boolean stopped;

    private JobFollower(String host, JobPush push) {
        this.host = host;
        this.push = push;
        this.watch = watchService();
        thread(this::follow, "Mini Build: follows jobs");
        if (watch != null) {
            thread(() -> watch(watch), "Mini Build: waits for events of jobs");
        }
    }

    private static void thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Follows a job from now on, in place of a following of it before. Returns whether it is the first of its host. */
    static boolean follow(String host, JobPush push, Path temp, FollowJob.Wish wish) {
        // Of several calls at once only one has to begin.
        synchronized (ALL) {
            JobFollower follower = ALL.get(host);
            boolean first = follower == null || follower.stopped;
            if (first) {
                follower = new JobFollower(host, push);
                ALL.put(host, follower);
            }
            follower.add(temp, wish);
            return first;
        }
    }

    /** Ends the following of all jobs of a host; the jobs go on. */
    static void stop(String host) {
        synchronized (ALL) {
            JobFollower follower = ALL.get(host);
            if (follower != null) {
                follower.stop();
            }
        }
    }

    private void add(Path temp, FollowJob.Wish wish) {
        JobFiles files = new JobFiles(temp, wish.job());
        JobTail tail = new JobTail(wish.job(), wish.following(), files, wish.from(), sweeper, news::release);
        if (watch != null) {
            try {
                // New files only: the first event and the end. Each event of each step would wake two JVMs, which costs
                // more than the step.
                keys.put(wish.job(), files.folder().register(watch, StandardWatchEventKinds.ENTRY_CREATE));
            } catch (IOException | ClosedWatchServiceException e) {
                // It is looked at from time to time, anyway.
                LOGGER.log(Level.FINE, "No news of files in " + files.folder(), e);
            }
        }
        synchronized (added) {
            added.add(tail);
        }
        news.release();
    }

    private void stop() {
        stopped = true;
        ALL.remove(host, this);
        sweeper.shutdown();
        news.release();
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "The watching of files did not end well", e);
            }
        }
    }

    @CheckForNull
    private static WatchService watchService() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            // Linux limits how many there are.
            LOGGER.log(Level.FINE, "No news of files", e);
            return null;
        }
    }

    private void watch(WatchService service) {
        try {
            while (!stopped) {
                WatchKey key = service.take();
                key.pollEvents();
                key.reset();
                news.release();
            }
        } catch (ClosedWatchServiceException e) {
            // the end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        JobNewsFormat.Writer writer = new JobNewsFormat.Writer();
        List<JobTail> tails = new ArrayList<>();
        try {
            while (!stopped) {
                take(tails);
                boolean more = false;
                for (JobTail tail : tails) {
                    more |= tail.collect(writer);
                }
                // Who had no room this time is the first next time.
                if (tails.size() > 1 && writer.room() == 0) {
                    tails.add(tails.remove(0));
                }
                tails.stream().filter(JobTail::isOver).forEach(this::unwatch);
                tails.removeIf(JobTail::isOver);
                if (!writer.isEmpty()) {
                    if (!push.take(writer.take())) {
                        return;
                    }
                } else if (!more) {
                    await(tails);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // The connection is gone, or the controller refuses; it begins anew.
            LOGGER.log(Level.FINE, "The following of jobs ends", e);
        } finally {
            stop();
        }
    }

    private void take(List<JobTail> tails) {
        synchronized (added) {
            for (JobTail each : added) {
                // Calls can overtake each other on their way.
                if (tails.stream().noneMatch(other -> other.replaces(each))) {
                    tails.removeIf(each::replaces);
                    tails.add(each);
                }
            }
            added.clear();
        }
    }

    private void unwatch(JobTail tail) {
        WatchKey key = keys.remove(tail.job());
        if (key != null) {
            key.cancel();
        }
    }

    private void await(List<JobTail> tails) throws InterruptedException {
        if (tails.isEmpty()) {
            news.acquire();
        } else {
            long now = System.nanoTime();
            boolean soon = tails.stream().anyMatch(tail -> now - tail.heard() < RECENT_NANOS);
            boolean young = tails.stream().anyMatch(tail -> tail.isYoung(now));
            if (!news.tryAcquire(young ? YOUNG_MILLIS : soon ? SOON_MILLIS : LATER_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        news.drainPermits();
    }
}
