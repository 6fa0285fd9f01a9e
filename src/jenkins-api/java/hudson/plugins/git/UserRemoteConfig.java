package hudson.plugins.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.AbstractDescribableImpl;
import java.io.Serializable;

/** A repository of {@link GitSCM}. */
public class UserRemoteConfig extends AbstractDescribableImpl<UserRemoteConfig> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String credentialsId;

    public UserRemoteConfig(String url, String name, String refspec, @CheckForNull String credentialsId) {
        this.credentialsId = credentialsId;
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }
}
