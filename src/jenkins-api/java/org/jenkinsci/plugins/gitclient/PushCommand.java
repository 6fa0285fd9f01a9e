package org.jenkinsci.plugins.gitclient;

import org.eclipse.jgit.transport.URIish;

/** {@code git push}. */
public interface PushCommand extends GitCommand {
    PushCommand to(URIish remote);

    PushCommand ref(String refspec);

    /** @param timeout in minutes */
    PushCommand timeout(Integer timeout);
}
