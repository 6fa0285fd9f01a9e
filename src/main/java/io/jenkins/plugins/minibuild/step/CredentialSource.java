package io.jenkins.plugins.minibuild.step;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;

/** Finds credentials that the build may use. */
public interface CredentialSource {
    /**
     * The credential with the given id.
     *
     * @param url what it is used for, where that limits which may be used; null for anything
     * @return null if there is none, or none that this build may use for the url
     */
    @CheckForNull
    <C extends StandardCredentials> C find(String id, Class<C> type, @CheckForNull String url);

    /**
     * As {@link #find}, where it is needed.
     *
     * @param kinds what it may be, for the message: "secret text or secret file"
     * @throws AbortException naming the id and what to do
     */
    default StandardCredentials require(String id, @CheckForNull String url, String kinds) throws AbortException {
        StandardCredentials found = find(id, StandardCredentials.class, url);
        if (found == null) {
            throw new AbortException(Messages.CredentialSource_none(id, kinds));
        }
        return found;
    }
}
