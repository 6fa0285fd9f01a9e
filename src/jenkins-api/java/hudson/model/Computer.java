package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.AccessControlled;

/** The running state of a node. */
public abstract class Computer extends Actionable implements AccessControlled {
    @NonNull
    public String getName() {
        return "";
    }

    @CheckForNull
    public Node getNode() {
        return null;
    }
}
