package io.jenkins.plugins.minibuild.step;

import io.jenkins.plugins.minibuild.step.ProgressTrack.Phase;
import io.jenkins.plugins.minibuild.step.ProgressTrack.State;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the phases of a task: logs each phase with number, name and duration, and reports the progress. For one thread. */
public final class Phases {
    private final BuildContext context;
    private final PrintStream log;
    private final String track;
    private final String title;
    private final List<String> names;
    private final Map<String, Integer> shares;
    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private final long start;

    /**
     * @param title for people, such as {@code shop upload}
     * @param kind of the task; in the id of its bar
     * @param shares the phases in their order, each with its share of the whole in percent: only so that the bar moves at a steady pace
     */
    public Phases(BuildContext context, String title, String kind, Map<String, Integer> shares) {
        this.context = context;
        this.log = context.listener().getLogger();
        this.title = title;
        this.names = List.copyOf(shares.keySet());
        this.shares = Map.copyOf(shares);
        this.start = context.clock().millis();
        this.track = kind + "-" + Long.toHexString(start) + "-"
                + Integer.toHexString(context.random().nextInt() & 0xffff);
        names.forEach(name -> phases.put(name, new Phase(name, State.WAITING, 0)));
        report();
    }

    /** Runs a phase; a phase that fails ends the task. The duration of a phase that runs twice is the sum. */
    public <T> T run(String name, Work<T> work) throws IOException, InterruptedException {
        String number = number(name);
        log.println(number);
        long before = phases.get(name).millis();
        phases.put(name, new Phase(name, State.RUNNING, before));
        report();
        long begun = System.nanoTime();
        boolean done = false;
        try {
            T result = work.run();
            done = true;
            return result;
        } finally {
            long millis = Math.max(1, (System.nanoTime() - begun) / 1_000_000);
            phases.put(name, new Phase(name, done ? State.DONE : State.FAILED, before + millis));
            report();
            log.println(number + ": "
                    + (done ? Messages.Phases_took(seconds(millis)) : Messages.Phases_failed(seconds(millis))));
        }
    }

    /** Skips a phase, with the reason for the log. */
    public void skip(String name, String why) {
        log.println(number(name) + ": " + why);
        phases.put(name, new Phase(name, State.SKIPPED, 0));
        report();
    }

    /** Marks a finished phase as waiting: it will run again. */
    public void again(String name) {
        phases.put(name, new Phase(name, State.WAITING, phases.get(name).millis()));
        report();
    }

    /** Marks a finished phase as failed. */
    public void fail(String name) {
        phases.put(name, new Phase(name, State.FAILED, phases.get(name).millis()));
        report();
    }

    /** Ends the task early, as requested: the remaining phases are skipped. */
    public void end() {
        names.stream()
                .filter(name -> phases.get(name).state() == State.WAITING)
                .forEach(name -> phases.put(name, new Phase(name, State.SKIPPED, 0)));
        report();
    }

    /** The duration of the task so far, in milliseconds. */
    public long millis() {
        return context.clock().millis() - start;
    }

    private String number(String name) {
        return "[" + (names.indexOf(name) + 1) + "/" + names.size() + "] " + ProgressTrack.Phase.title(name);
    }

    private void report() {
        boolean over = true;
        int percent = 0;
        for (Phase each : phases.values()) {
            boolean passed = each.state() == State.DONE || each.state() == State.SKIPPED;
            over &= passed;
            percent += passed ? shares.get(each.name()) : 0;
        }
        context.progress()
                .report(track, new ProgressTrack(title, over ? 100 : percent, new ArrayList<>(phases.values())));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }

    /** The work of a phase. */
    @FunctionalInterface
    public interface Work<T> {
        /** Runs the work. */
        T run() throws IOException, InterruptedException;
    }
}
