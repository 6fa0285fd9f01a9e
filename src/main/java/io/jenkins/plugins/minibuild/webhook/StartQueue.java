package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes starts happen one after another, in their order. Of several starts of one job for the same branch, tag or merge request only the newest happens:
 * Jenkins would merge the others into it. Safe for use by several threads.
 */
final class StartQueue {
    /** Puts a job into Jenkins' queue. */
    interface Scheduler {
        /**
         * Schedules a job, or ends the start in the log.
         *
         * @param merged the records of older deliveries that the build includes
         * @return the address of the item in the queue; empty when there is none
         */
        String schedule(Start start, List<Long> merged);
    }

    private static final Logger LOGGER = Logger.getLogger(StartQueue.class.getName());

    private static final int AT_ONCE = 1_000;
    /** When more starts than this wait, answers do not wait for the address in the queue: few threads answer calls. */
    private static final int PROMPT = 3;
    /** How long an answer waits for the address in the queue. */
    private static final Duration QUEUE_PATIENCE = Duration.ofMillis(80);
    /**
     * The pause when more starts came meanwhile. Starts that come during the pause are mostly for the same branches, and each start makes Jenkins
     * search its whole queue.
     */
    private static final long PAUSE_MILLIS = 200;

    private record Entry(Start start, CompletableFuture<String> url) {}

    private final BlockingQueue<Entry> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger unstarted = new AtomicInteger();
    private final DeliveryLog log;
    private final Scheduler scheduler;

    StartQueue(DeliveryLog log, Scheduler scheduler) {
        this.log = log;
        this.scheduler = scheduler;
    }

    /** Adds a start; {@link #run} makes it happen. Returns the address of the item in Jenkins' queue, empty when there is none. */
    CompletableFuture<String> add(Start start) {
        CompletableFuture<String> url = new CompletableFuture<>();
        if (unstarted.incrementAndGet() > PROMPT) {
            url.complete("");
        }
        waiting.add(new Entry(start, url));
        return url;
    }

    /** Waits a moment for the addresses in the queue and writes them into the answer. */
    static void addUrls(Answer answer, List<CompletableFuture<String>> urls) {
        long end = System.nanoTime() + QUEUE_PATIENCE.toNanos();
        for (int i = 0; i < urls.size(); i++) {
            String url = url(urls.get(i), end);
            if (!url.isEmpty()) {
                ((ObjectNode) answer.body().path("builds").path(i)).put("queueUrl", url);
            }
        }
    }

    private static String url(CompletableFuture<String> url, long end) {
        try {
            return url.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The job starts all the same, but the answer cannot wait for it.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Makes all starts that were added happen. One thread at a time runs this, after each {@link #add}. */
    void run() throws InterruptedException {
        List<Entry> taken = new ArrayList<>();
        while (waiting.drainTo(taken, AT_ONCE) > 0) {
            try {
                startNewest(taken);
            } finally {
                taken.forEach(each -> each.url().complete(""));
                unstarted.addAndGet(-taken.size());
                taken.clear();
            }
            if (!waiting.isEmpty()) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void startNewest(List<Entry> taken) {
        Map<String, List<Entry>> same = new LinkedHashMap<>();
        for (Entry each : taken) {
            Start start = each.start();
            String about = start.id().owner() + "\n" + start.job() + "\n"
                    + start.delivery().subjectKey();
            same.computeIfAbsent(about, key -> new ArrayList<>()).add(each);
        }
        for (List<Entry> all : same.values()) {
            Entry newest = all.remove(all.size() - 1);
            try {
                all.forEach(older -> log.done(older.start().id(), Reason.SUPERSEDED, ""));
                newest.url()
                        .complete(scheduler.schedule(
                                newest.start(),
                                all.stream()
                                        .map(older -> older.start().id().record())
                                        .toList()));
            } catch (RuntimeException | Error e) {
                // Classes of other plugins decide in Jenkins' queue. Their errors must not end the starts of other
                // jobs.
                LOGGER.log(
                        Level.WARNING,
                        "The job " + newest.start().job()
                                + " was not started for a delivery; it is when Jenkins starts again",
                        e);
            }
        }
    }
}
