package io.jenkins.plugins.minibuild.forge;

/**
 * The state of a build, shown at a commit.
 *
 * @param commit its whole id
 * @param context tells builds of one commit apart, {@code jenkins/shop}
 * @param description one short line; longer ones are cut as the services want it
 * @param link the page of the build
 */
public record CommitStatus(String commit, State state, String context, String description, String link) {
    /** GitHub takes 140 characters, the others more. */
    private static final int LONGEST = 140;

    /** How far the build is. */
    public enum State {
        PENDING,
        SUCCESS,
        FAILURE,
        CANCELLED
    }

    /** Cuts what is too long. */
    public CommitStatus {
        description = description.length() > LONGEST ? description.substring(0, LONGEST) : description;
    }
}
