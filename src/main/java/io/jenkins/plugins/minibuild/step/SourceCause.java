package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;

/** A cause that knows the commit which the build is about. */
public abstract class SourceCause extends Cause {
    /** What to check out; null when it is about no commit. */
    @CheckForNull
    public abstract SourceCommit source();
}
