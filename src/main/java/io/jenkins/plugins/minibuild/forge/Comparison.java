package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Set;

/**
 * What a service says that a branch or commit would bring to another.
 *
 * @param mergeBase the commit at which they parted; null when the service does not say
 * @param paths of the files that differ, before and after, with forward slashes; a service leaves some out when there are very many
 */
public record Comparison(@CheckForNull String mergeBase, Set<String> paths) {
    /** Copies the set. */
    public Comparison {
        paths = Set.copyOf(paths);
    }
}
