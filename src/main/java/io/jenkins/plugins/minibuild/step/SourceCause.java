package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;

/** A cause that names the commit to build. */
public abstract class SourceCause extends Cause {
    /** The commit to check out; null for none. */
    @CheckForNull
    public abstract SourceCommit source();
}
