package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import jenkins.MasterToSlaveFileCallable;
import jenkins.security.MasterToSlaveCallable;

/** Ends a step of a job, cancels the job, or ends all of it at once; on the folder for temporary files. Answers whether there was something to end. */
final class EndJob extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    /** What does not end within this time hangs in the kernel. */
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private final What what;
    private final String job;
    private final int step;

    EndJob(What what, String job, int step) {
        this.what = what;
        this.job = job;
        this.step = step;
    }

    /** What is to be ended. */
    enum What {
        STEP,
        CANCEL,
        KILL
    }

    @Override
    public Boolean invoke(File temp, @CheckForNull VirtualChannel channel) throws IOException {
        JobFiles files = new JobFiles(temp.toPath(), job);
        if (!files.isThere()) {
            return false;
        }
        switch (what) {
            case STEP:
                return endStep(files);
            case CANCEL:
                return cancel(files);
            default:
                files.mark("killed");
                JobSweep.all(files, job);
                return true;
        }
    }

    /** The same without waiting for it. */
    static final class There extends MasterToSlaveCallable<Boolean, IOException> {
        private static final long serialVersionUID = 1L;

        private final String temp;
        private final EndJob work;

        There(String temp, EndJob work) {
            this.temp = temp;
            this.work = work;
        }

        @Override
        public Boolean call() throws IOException {
            return work.invoke(new File(temp), null);
        }
    }

    private boolean endStep(JobFiles files) throws IOException {
        files.mark("end." + step);
        return until(files, last -> last.kind() != 'X' && last.step() == step && isOpen(last));
    }

    private boolean cancel(JobFiles files) throws IOException {
        files.mark("cancel");
        // Without an event, and between two steps, the next one begins in a moment: it may not have seen the mark.
        return until(files, last -> last.kind() != 'X' && !isAfterCancel(last));
    }

    private interface Goal {
        boolean isOpen(JobFiles.Event last);
    }

    /** A step that has begun and has not ended for good. */
    private static boolean isOpen(JobFiles.Event last) {
        return last.kind() == 'S' || last.kind() == 'E' && last.values()[3] == 0;
    }

    /** A step that saw the cancel when it began is one that runs after a cancel. */
    private static boolean isAfterCancel(JobFiles.Event last) {
        return last.kind() == 'S' && last.values()[2] == 1;
    }

    /** Ends the step of the last event again and again, since one can be between two processes. */
    private boolean until(JobFiles files, Goal goal) throws IOException {
        long limit = System.nanoTime() + LIMIT_NANOS;
        JobFiles.Events events = files.events();
        JobFiles.Event last = null;
        boolean found = false;
        while (System.nanoTime() - limit < 0) {
            JobFiles.Event next = events.next();
            while (next != null) {
                last = next;
                next = events.next();
            }
            if (last != null && !goal.isOpen(last)) {
                return found;
            }
            if (last != null && isOpen(last)) {
                found = true;
                JobSweep.step(files, job, last.step());
            }
            long pid = files.pid();
            if (pid != 0 && !files.isAlive(pid)) {
                return found;
            }
            if (pid == 0 && last == null) {
                // It has not begun; it sees the mark first.
                return true;
            }
            JobSweep.pause(5);
        }
        return found;
    }
}
