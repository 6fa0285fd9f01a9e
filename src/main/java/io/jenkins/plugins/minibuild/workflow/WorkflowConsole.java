package io.jenkins.plugins.minibuild.workflow;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes the first lines of each step into the build's log, with the job and the step before each; whole logs are on the page of the workflow. Safe for several
 * threads.
 */
final class WorkflowConsole {
    /** Lines of a step that the build's log gets. */
    static final int LINES = 200;

    private static final int LONGEST = 2000;
    /** A step that prints more shows itself so often: whoever looks, and limits of idle time, see that it works. */
    private static final long SIGN_MILLIS = 60_000;

    private final PrintStream log;
    private final LongSupplier clock;
    private final Map<String, Step> steps = new HashMap<>();

    private static final class Step {
        private final StringBuilder line = new StringBuilder();
        private int lines;
        private long more;
        private long sign;
        private byte[] rest = new byte[0];
    }

    /**
     * @param log masks secrets
     * @param clock milliseconds
     */
    WorkflowConsole(PrintStream log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
    }

    void say(String line) {
        log.println(line);
    }

    /** @param prefix names job and step */
    synchronized void output(String prefix, byte[] bytes) {
        Step step = steps.computeIfAbsent(prefix, key -> new Step());
        if (step.lines > LINES) {
            more(prefix, step, bytes, 0);
            return;
        }
        int from = 0;
        for (int i = 0; i < bytes.length && step.lines <= LINES; i++) {
            if (bytes[i] == '\n') {
                add(step, bytes, from, i);
                line(prefix, step);
                from = i + 1;
            }
        }
        if (step.lines <= LINES) {
            add(step, bytes, from, bytes.length);
        } else {
            step.sign = clock.getAsLong();
            more(prefix, step, bytes, from);
        }
    }

    private void more(String prefix, Step step, byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                step.more++;
            }
        }
        long now = clock.getAsLong();
        if (now - step.sign >= SIGN_MILLIS) {
            step.sign = now;
            log.println(prefix + Messages.WorkflowConsole_lines(LINES + step.more));
        }
    }

    private static void add(Step step, byte[] bytes, int from, int to) {
        if (step.line.length() < LONGEST) {
            byte[] all = new byte[step.rest.length + Math.min(to - from, LONGEST)];
            System.arraycopy(step.rest, 0, all, 0, step.rest.length);
            System.arraycopy(bytes, from, all, step.rest.length, all.length - step.rest.length);
            step.rest = all;
        }
        if (step.rest.length > LONGEST) {
            step.line.append(new String(step.rest, StandardCharsets.UTF_8));
            step.rest = new byte[0];
        }
    }

    private void line(String prefix, Step step) {
        step.line.append(new String(step.rest, StandardCharsets.UTF_8));
        step.rest = new byte[0];
        step.lines++;
        log.println(
                step.lines > LINES
                        ? prefix + Messages.WorkflowConsole_more()
                        : prefix + step.line.toString().replace("\r", ""));
        step.line.setLength(0);
    }

    /** The last line of a step may have no end. */
    synchronized void end(String prefix) {
        Step step = steps.remove(prefix);
        if (step != null && step.lines <= LINES && (step.rest.length > 0 || step.line.length() > 0)) {
            line(prefix, step);
        }
    }
}
