package hudson.scm;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Run;
import java.util.Map;

/** How a job gets its sources. */
public abstract class SCM implements Describable<SCM>, ExtensionPoint {
    @CheckForNull
    public RepositoryBrowser<?> getBrowser() {
        return null;
    }

    @NonNull
    public String getKey() {
        return getClass().getName();
    }

    public void buildEnvironment(@NonNull Run<?, ?> build, @NonNull Map<String, String> env) {}

    public abstract ChangeLogParser createChangeLogParser();

    @Override
    public SCMDescriptor<?> getDescriptor() {
        throw new IllegalStateException("no descriptors without Jenkins");
    }
}
