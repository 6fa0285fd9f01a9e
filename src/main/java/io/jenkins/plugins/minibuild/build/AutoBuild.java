package io.jenkins.plugins.minibuild.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * Something configured that a push can build by itself.
 *
 * @param name as people know it, unique
 * @param on whether it does
 * @param repository its address; null for none
 * @param branch null for the repository's default
 * @param job the full name of the job to start; null for none
 * @param credentialsId of the credential for the repository; null for none
 */
public record AutoBuild(
        String name,
        boolean on,
        @CheckForNull String repository,
        @CheckForNull String branch,
        @CheckForNull String job,
        @CheckForNull String credentialsId) {}
