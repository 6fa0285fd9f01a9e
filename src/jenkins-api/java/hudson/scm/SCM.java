package hudson.scm;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;

/** How a job gets its sources. */
public abstract class SCM implements ExtensionPoint {
    @NonNull
    public String getKey() {
        return getClass().getName();
    }
}
