package io.jenkins.plugins.minibuild.miniprogram;

import io.jenkins.plugins.minibuild.build.BuildContext;
import io.jenkins.plugins.minibuild.build.ProgressTrack;
import io.jenkins.plugins.minibuild.build.ProgressTrack.Phase;
import io.jenkins.plugins.minibuild.build.ProgressTrack.State;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The phases of an upload or a preview: logs each with number, name and duration, and keeps the progress on the build. */
final class Phases {

    /** What share of the whole a phase has, in percent: only so that the bar moves at a steady pace. */
    private static final Map<String, Integer> SHARES = Map.of(
            "preflight", 5, "checkout", 15, "install", 25, "build", 20, "upload", 30, "preview", 30, "finish", 5);

    private final BuildContext context;
    private final PrintStream log;
    private final String track;
    private final String title;
    private final List<String> names;
    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private final long start;
    private int percent;

    /**
     * @param title for people, such as {@code shop upload}
     * @param action {@code upload} or {@code preview}, the name of the fifth phase
     */
    Phases(BuildContext context, String title, String action) {
        this.context = context;
        this.log = context.listener().getLogger();
        this.title = title;
        this.names = List.of("preflight", "checkout", "install", "build", action, "finish");
        this.start = context.clock().millis();
        this.track = action + "-" + Long.toHexString(start) + "-"
                + Integer.toHexString(context.random().nextInt() & 0xffff);
        names.forEach(name -> phases.put(name, new Phase(name, State.WAITING, 0)));
        tell();
    }

    /** Goes through a phase; one that fails ends the task. */
    <T> T run(String name, Work<T> work) throws IOException, InterruptedException {
        String number = "[" + (names.indexOf(name) + 1) + "/" + names.size() + "] " + name;
        log.println(number);
        phases.put(name, new Phase(name, State.RUNNING, 0));
        tell();
        long begun = System.nanoTime();
        boolean done = false;
        try {
            T result = work.run();
            done = true;
            return result;
        } finally {
            long millis = Math.max(1, (System.nanoTime() - begun) / 1_000_000);
            phases.put(name, new Phase(name, done ? State.DONE : State.FAILED, millis));
            if (done) {
                percent = Math.min(100, percent + SHARES.getOrDefault(name, 0));
            }
            if (done && name.equals("finish")) {
                percent = 100;
            }
            tell();
            log.println(number + ": "
                    + (done ? Messages.Phases_took(seconds(millis)) : Messages.Phases_failed(seconds(millis))));
        }
    }

    /** Passes a phase over in which there is nothing to do. */
    void skip(String name, String why) {
        log.println("[" + (names.indexOf(name) + 1) + "/" + names.size() + "] " + name + ": " + why);
        phases.put(name, new Phase(name, State.SKIPPED, 0));
        percent = Math.min(100, percent + SHARES.getOrDefault(name, 0));
        tell();
    }

    /** The build ends early, as asked. */
    void end() {
        percent = 100;
        names.stream()
                .filter(name -> phases.get(name).state() == State.WAITING)
                .forEach(name -> phases.put(name, new Phase(name, State.SKIPPED, 0)));
        tell();
    }

    /** How long it has taken so far, in milliseconds. */
    long millis() {
        return context.clock().millis() - start;
    }

    private void tell() {
        context.progress().report(track, new ProgressTrack(title, percent, new ArrayList<>(phases.values())));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }

    /** What is done in a phase. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }
}
