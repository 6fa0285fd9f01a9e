package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A repository as its service describes it.
 *
 * @param fullName owner and name with a slash
 * @param defaultBranch null when the repository is empty or the service does not say
 * @param isPrivate whether only some may read it
 */
public record RepositoryInfo(String fullName, @CheckForNull String defaultBranch, boolean isPrivate) {}
