package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The log of a whole build, from the moment that it first held a slot. Its limit is the largest of those of its blocks and steps. Safe for several
 * threads.
 */
final class BuildLog {
    private Limits limits;
    private LogBudget budget;
    /** A smaller budget that was reached, whose end is not written yet. */
    private LogBudget before;
    /** Whether the build has ended and everything is written. */
    private boolean ended;

    /** @param written the bytes that the build has logged so far */
    BuildLog(Limits limits, long written) {
        this.limits = limits;
        this.budget = new LogBudget(limits, written);
    }

    /** Another block begins, perhaps with a larger limit. */
    synchronized void raise(Limits more) {
        if (more.most(Limit.LOG) > limits.most(Limit.LOG)) {
            limits = more;
            before = before == null && budget.isReached() ? budget : before;
            budget = new LogBudget(more, budget.written());
        }
    }

    synchronized Limits limits() {
        return limits;
    }

    synchronized void write(byte[] line, int length, OutputStream out) throws IOException {
        if (ended) {
            out.write(line, 0, length);
            return;
        }
        finishBefore(out);
        budget.write(line, length, out);
    }

    /** Writes the end. Later lines are written at once. */
    synchronized void finish(@CheckForNull OutputStream out) throws IOException {
        ended = true;
        if (out != null) {
            finishBefore(out);
            budget.finish(out);
        }
    }

    private void finishBefore(OutputStream out) throws IOException {
        if (before != null) {
            before.finish(out);
            before = null;
        }
    }
}
