package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import java.io.File;

/** Builds, one after the other. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem
        implements ExtensionPoint {
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    protected Job(ItemGroup parent, String name) {}

    public File getBuildDir() {
        return new File(getRootDir(), "builds");
    }

    public abstract boolean isBuildable();

    @CheckForNull
    public RunT getLastBuild() {
        return null;
    }

    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public <T extends JobProperty> T getProperty(Class<T> clazz) {
        return null;
    }

    @CheckForNull
    public RunT getBuildByNumber(int n) {
        return null;
    }
}
