package org.jenkinsci.plugins.gitclient;

import com.cloudbees.plugins.credentials.common.StandardCredentials;

/** {@code git checkout}, and {@code git lfs pull} after it. */
public interface CheckoutCommand extends GitCommand {
    CheckoutCommand ref(String ref);

    /** @param timeout in minutes */
    CheckoutCommand timeout(Integer timeout);

    CheckoutCommand lfsRemote(String lfsRemote);

    CheckoutCommand lfsCredentials(StandardCredentials lfsCredentials);
}
