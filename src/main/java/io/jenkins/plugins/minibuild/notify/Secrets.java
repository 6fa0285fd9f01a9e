package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.http.Http;
import java.time.Clock;

/** Gives a sender the credentials of the channel's folder (or of Jenkins), an HTTP client and the time. */
public interface Secrets {
    /**
     * The text of a credential.
     *
     * @throws MissingSecretException when the channel's folder (or Jenkins) has none with that id
     */
    String require(@CheckForNull String credentialsId) throws MissingSecretException;

    /** As {@link #require}; null when no id is given. */
    @CheckForNull
    default String find(@CheckForNull String credentialsId) throws MissingSecretException {
        return credentialsId == null ? null : require(credentialsId);
    }

    /** Reaches every address for a channel of an administrator, and public ones for that of a folder. */
    Http http();

    /** Where the channel's messages may go. */
    Destinations destinations();

    Clock clock();
}
