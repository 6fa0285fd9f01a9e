package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Set;

/**
 * What a service says that a branch or commit would bring to another.
 *
 * @param mergeBase the commit at which they parted; null when the service does not say
 * @param paths of the files that differ, before and after, with forward slashes; a service leaves some out when there are very many
 * @param commits the ids of the commits that the other lacks; empty when the service does not say
 * @param allCommits whether the service says that these are all
 */
public record Comparison(@CheckForNull String mergeBase, Set<String> paths, Set<String> commits, boolean allCommits) {
    /** Copies the sets. */
    public Comparison {
        paths = Set.copyOf(paths);
        commits = Set.copyOf(commits);
    }
}
