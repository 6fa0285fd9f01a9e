package hudson.plugins.git.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.plugins.git.Revision;
import java.io.Serializable;

/** What the git plugin checked out in a build. */
public class BuildData implements Action, Serializable, Cloneable {
    private static final long serialVersionUID = 1L;

    @Override
    public String getDisplayName() {
        return "Git Build Data";
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "git";
    }

    @CheckForNull
    public Revision getLastBuiltRevision() {
        return null;
    }

    @Override
    public BuildData clone() {
        return new BuildData();
    }
}
