package org.jenkinsci.plugins.plaincredentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;

/** A secret text. */
public interface StringCredentials extends StandardCredentials {
    @NonNull
    Secret getSecret();
}
