package hudson.plugins.git;

import hudson.scm.SCM;
import java.io.Serializable;

/** What old configurations of {@link GitSCM} had. */
public abstract class GitSCMBackwardCompatibility extends SCM implements Serializable {
    private static final long serialVersionUID = 1L;
}
