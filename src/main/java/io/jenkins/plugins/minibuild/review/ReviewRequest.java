package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Glob;

/**
 * What is to be reviewed, and how. Immutable.
 *
 * @param workTree the top of a checkout
 * @param directory the same, as it is called in the workspace; empty for the workspace itself
 * @param url of the repository, see {@link GitChange#of}; null for none
 * @param credentialsId for it; null for none
 * @param base see {@link GitChange#of}
 * @param head see {@link GitChange#of}
 * @param paths that are looked at; empty for all
 * @param language that the words are wanted in
 * @param incremental whether only what changed since the last review of the same branches in the same job is looked at
 * @param largest kilobytes of the change that are looked at
 */
public record ReviewRequest(
        FilePath workTree,
        String directory,
        @CheckForNull String url,
        @CheckForNull String credentialsId,
        @CheckForNull String base,
        @CheckForNull String head,
        Glob paths,
        String language,
        boolean incremental,
        int largest,
        ReviewGate gate) {}
