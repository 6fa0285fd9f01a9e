package hudson.plugins.git;

import hudson.model.InvisibleAction;
import java.io.Serializable;

/** Makes the git plugin check out this commit. */
public class RevisionParameterAction extends InvisibleAction implements Serializable {
    private static final long serialVersionUID = 1L;

    public final String commit;

    public RevisionParameterAction(String commit) {
        this.commit = commit;
    }
}
