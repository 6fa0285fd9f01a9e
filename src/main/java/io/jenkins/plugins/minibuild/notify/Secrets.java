package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.http.Http;
import java.time.Clock;

/** What a sender is given when it sends: the credentials of the channel's place, the HTTP client, the time. */
public interface Secrets {
    /**
     * The text of a credential.
     *
     * @throws MissingSecretException when there is none with that id in the channel's place
     */
    String require(@CheckForNull String credentialsId) throws MissingSecretException;

    /** As {@link #require}; null when no id is given. */
    @CheckForNull
    default String find(@CheckForNull String credentialsId) throws MissingSecretException {
        return credentialsId == null ? null : require(credentialsId);
    }

    Http http();

    Clock clock();
}
