package io.jenkins.plugins.minibuild.limits;

import io.jenkins.plugins.minibuild.process.ContainerMounts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Measures what the limits cost; for the benchmark and its test. */
public final class LimitsProbe {
    private LimitsProbe() {}

    /** The median of the milliseconds from giving a slot back to the start of the next waiter, with 200 waiting. */
    public static double medianStartMillis(int rounds) throws InterruptedException {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            double[] millis = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                millis[round] = startMillis(executor);
            }
            Arrays.sort(millis);
            return millis[rounds / 2];
        } finally {
            executor.shutdown();
        }
    }

    private static double startMillis(ExecutorService executor) throws InterruptedException {
        SlotPools pools = new SlotPools(Clock.systemUTC(), pool -> 1, executor, false);
        pools.request("build", ticket(pools, 0), () -> {});
        AtomicLong started = new AtomicLong();
        CountDownLatch latch = new CountDownLatch(1);
        for (int i = 1; i <= SlotPool.CAPACITY; i++) {
            pools.request("build", ticket(pools, i), () -> {
                started.compareAndSet(0, System.nanoTime());
                latch.countDown();
            });
        }
        long free = System.nanoTime();
        pools.release("t0");
        latch.await();
        return (started.get() - free) / 1e6;
    }

    private static Ticket ticket(SlotPools pools, int number) {
        return new Ticket(
                "t" + number,
                new Ticket.Owner("build-" + number, "", ""),
                Priority.NORMAL,
                pools.nextSequence(),
                0,
                false);
    }

    /** How much of one core it takes to sample every second the memory of so many processes. */
    public static double samplingShare(int processes, int seconds) throws IOException, InterruptedException {
        String id = SlotsAdapter.newId();
        List<Process> started = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                ProcessBuilder sleeper = new ProcessBuilder("sleep", "600");
                sleeper.environment().put(Watch.MARK, id);
                started.add(sleeper.start());
            }
            List<String> workspace = List.of(Path.of("").toAbsolutePath().toString());
            AgentSample sample = new AgentSample(
                    Watch.MARK + "=" + id,
                    workspace,
                    new ContainerMounts(workspace, Duration.ofMinutes(1)),
                    true,
                    true,
                    false);
            // The first ones read every process' environment, and the JVM has yet to compile.
            for (int i = 0; i < 30; i++) {
                sample.call();
            }
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long cpu = 0;
            for (int second = 0; second < seconds; second++) {
                long before = threads.getCurrentThreadCpuTime();
                AgentReading reading = sample.call();
                cpu += threads.getCurrentThreadCpuTime() - before;
                if (reading.residentBytes() <= 0) {
                    throw new IllegalStateException("nothing was measured");
                }
                Thread.sleep(1_000);
            }
            return cpu / (seconds * 1e9);
        } finally {
            started.forEach(Process::destroyForcibly);
        }
    }
}
