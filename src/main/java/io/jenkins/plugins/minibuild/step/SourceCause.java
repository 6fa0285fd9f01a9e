package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import java.util.List;

/** A cause that names the commit to build. */
public abstract class SourceCause extends Cause {
    /** The commit to check out; null for none. */
    @CheckForNull
    public abstract SourceCommit source();

    /** Who brought the commit, as the service names people. */
    public List<String> people() {
        return List.of();
    }
}
