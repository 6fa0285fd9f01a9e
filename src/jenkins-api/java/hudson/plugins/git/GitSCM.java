package hudson.plugins.git;

import hudson.scm.ChangeLogParser;
import java.util.List;

/** Jenkins' own checkout of a git repository. */
public class GitSCM extends GitSCMBackwardCompatibility {
    private static final long serialVersionUID = 1L;

    public List<UserRemoteConfig> getUserRemoteConfigs() {
        throw new IllegalStateException("no checkout without Jenkins");
    }

    @Override
    public ChangeLogParser createChangeLogParser() {
        throw new IllegalStateException("no checkout without Jenkins");
    }
}
