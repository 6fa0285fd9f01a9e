package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * The commit that the cause of a build named. It comes from outside, so every user of it has to check it.
 *
 * @param repositories addresses of the one repository
 * @param ref a whole ref name, {@code refs/heads/main}
 * @param commit 40 hexadecimal digits; null for the newest
 */
public record SourceCommit(
        List<String> repositories, String ref, @CheckForNull String commit) {
    /** Copies the list. */
    public SourceCommit {
        repositories = List.copyOf(repositories);
    }
}
