package io.jenkins.plugins.minibuild.workflow.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What is heard of jobs, as short lines; checks the promises of {@link JobNews} while it hears. Safe for several threads. */
public final class HeardNews implements JobNews {
    private static final long PATIENCE = Duration.ofMinutes(2).toMillis();

    private final Map<String, List<String>> lines = new HashMap<>();
    private final Map<String, Map<Integer, ByteArrayOutputStream>> logs = new HashMap<>();
    private final Map<String, Integer> events = new HashMap<>();
    private final Map<String, StepEnd> ends = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    private synchronized void add(String job, Event event, String line) {
        if (event != null) {
            int before = events.getOrDefault(job, 0);
            if (event.number() != before + 1) {
                broken.add(job + ": event " + event.number() + " after " + before);
            }
            events.put(job, event.number());
        }
        lines.computeIfAbsent(job, key -> new ArrayList<>()).add(line);
        notifyAll();
    }

    @Override
    public void stepStarted(String job, Event event, int step, int attempt) {
        add(job, event, "started " + step + (attempt == 1 ? "" : " again " + attempt));
    }

    @Override
    public void stepSkipped(String job, Event event, int step) {
        add(job, event, "skipped " + step);
    }

    @Override
    public synchronized void stepEnded(String job, Event event, int step, StepEnd end) {
        ends.put(job + "/" + step, end);
        add(job, event, "ended " + step + " " + end.exitCode() + (end.last() ? "" : " retry"));
    }

    @Override
    public synchronized void log(String job, int step, long offset, byte[] bytes) {
        ByteArrayOutputStream log = logs.computeIfAbsent(job, key -> new TreeMap<>())
                .computeIfAbsent(step, key -> new ByteArrayOutputStream());
        if (log.size() != offset) {
            broken.add(job + ": log at " + offset + " after " + log.size());
        }
        log.writeBytes(bytes);
        notifyAll();
    }

    @Override
    public void ended(String job, Event event) {
        add(job, event, "over");
    }

    @Override
    public void lost(String job, String reason) {
        add(job, null, "lost: " + reason);
    }

    @Override
    public void away(String job, String reason) {
        add(job, null, "away: " + reason);
    }

    /** All lines of a job until now. */
    public synchronized List<String> lines(String job) {
        return List.copyOf(lines.getOrDefault(job, List.of()));
    }

    /** The log of a step until now. */
    public synchronized String log(String job, int step) {
        ByteArrayOutputStream log = logs.getOrDefault(job, Map.of()).get(step);
        return log == null ? "" : log.toString(StandardCharsets.UTF_8);
    }

    /** How a step ended last. */
    public synchronized StepEnd end(String job, int step) {
        return ends.get(job + "/" + step);
    }

    /** What is known of a job now. */
    public synchronized JobHost.Known known(String job) {
        Map<Integer, Long> sizes = new HashMap<>();
        logs.getOrDefault(job, Map.of()).forEach((step, log) -> sizes.put(step, (long) log.size()));
        return new JobHost.Known(events.getOrDefault(job, 0), sizes);
    }

    /** Waits until the lines of a job are so. */
    public synchronized List<String> await(String job, Predicate<List<String>> goal) throws InterruptedException {
        return await(() -> goal.test(lines(job)), job);
    }

    /** Waits until the log of a step holds a text. */
    public synchronized void awaitLog(String job, int step, String text) throws InterruptedException {
        await(() -> log(job, step).contains(text), job);
    }

    /** Waits for the end of a job, good or bad; checks that nothing broke a promise. */
    public List<String> awaitEnd(String job) throws InterruptedException {
        List<String> all =
                await(job, heard -> heard.stream().anyMatch(each -> each.equals("over") || each.startsWith("lost")));
        synchronized (this) {
            if (!broken.isEmpty()) {
                throw new AssertionError(broken.toString());
            }
        }
        return all;
    }

    private synchronized List<String> await(java.util.function.BooleanSupplier goal, String job)
            throws InterruptedException {
        long limit = System.nanoTime() + PATIENCE * 1_000_000;
        while (!goal.getAsBoolean()) {
            long left = (limit - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("Heard only " + lines(job) + ", log " + log(job, 0));
            }
            wait(left);
        }
        return lines(job);
    }
}
