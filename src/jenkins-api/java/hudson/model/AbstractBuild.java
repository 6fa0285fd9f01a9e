package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import java.io.IOException;
import java.util.Map;

/** A build of a freestyle project and its kin. */
public abstract class AbstractBuild<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Run<P, R>
        implements Queue.Executable {
    protected AbstractBuild(@NonNull P job) throws IOException {
        super(job);
    }

    @CheckForNull
    public Node getBuiltOn() {
        return null;
    }

    @CheckForNull
    public final FilePath getWorkspace() {
        return null;
    }

    public Map<String, String> getBuildVariables() {
        return Map.of();
    }
}
