package io.jenkins.plugins.minibuild.forge;

import java.io.Serializable;

/**
 * The branches of a merge request, without {@code refs/heads/}.
 *
 * @param source the branch to merge
 * @param target the branch that it is merged into
 */
public record Branches(String source, String target) implements Serializable {}
