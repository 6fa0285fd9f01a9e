package hudson.model;

import java.io.File;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;

/** Builds, one after the other. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem
        implements ExtensionPoint {
    public File getBuildDir() {
        return new File(getRootDir(), "builds");
    }

    @CheckForNull
    public RunT getLastBuild() {
        return null;
    }

    @CheckForNull
    public RunT getBuildByNumber(int n) {
        return null;
    }
}
