package org.jenkinsci.plugins.gitclient;

import java.util.List;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.URIish;

/** {@code git fetch}. */
public interface FetchCommand extends GitCommand {
    FetchCommand from(URIish remote, List<RefSpec> refspecs);

    FetchCommand prune(boolean prune);

    FetchCommand shallow(boolean shallow);

    /** @param timeout in minutes */
    FetchCommand timeout(Integer timeout);

    FetchCommand tags(boolean tags);

    FetchCommand depth(Integer depth);
}
