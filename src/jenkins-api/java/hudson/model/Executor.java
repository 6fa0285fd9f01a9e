package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.List;
import jenkins.model.CauseOfInterruption;

/** A thread that runs a build. */
public class Executor extends Thread {
    public void interrupt(Result result, CauseOfInterruption... causes) {
        interrupt();
    }

    @NonNull
    public Collection<CauseOfInterruption> getCausesOfInterruption() {
        return List.of();
    }

    @CheckForNull
    public static Executor currentExecutor() {
        return null;
    }

    @NonNull
    public Computer getOwner() {
        throw new IllegalStateException("no executors without Jenkins");
    }

    public boolean isBusy() {
        return true;
    }

    public long getElapsedTime() {
        return 0;
    }
}
