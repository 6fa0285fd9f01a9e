package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What a service says of where a merge request comes from and of who acts.
 *
 * @param who acts: the name or number by which the service's API knows the person; empty if it does not say
 */
public record Trust(Origin origin, Standing standing, String who) {
    static final Trust UNKNOWN = new Trust(Origin.UNKNOWN, Standing.UNKNOWN, "");

    /** Where the commits are. */
    public enum Origin {
        /** In the repository itself: whoever pushed them may write to it. */
        OWN,
        FORK,
        UNKNOWN
    }

    /** Whether the person may write to the repository. */
    public enum Standing {
        MEMBER,
        STRANGER,
        UNKNOWN
    }

    /** Cleans what is from outside, and fills in what stored JSON lacks. */
    public Trust {
        origin = origin == null ? Origin.UNKNOWN : origin;
        standing = standing == null ? Standing.UNKNOWN : standing;
        who = CleanText.line(who == null ? "" : who, 200);
    }

    /**
     * Compares the two repositories of a merge request.
     *
     * @param source as the service names it; empty if it does not, as after the fork was deleted
     */
    static Origin origin(String source, String target) {
        if (target.isEmpty()) {
            return Origin.UNKNOWN;
        }
        return source.equalsIgnoreCase(target) ? Origin.OWN : Origin.FORK;
    }

    /** GitHub's {@code author_association}. */
    static Standing standing(@CheckForNull String association) {
        if (association == null || association.isEmpty()) {
            return Standing.UNKNOWN;
        }
        return switch (association) {
            case "OWNER", "MEMBER", "COLLABORATOR" -> Standing.MEMBER;
            default -> Standing.STRANGER;
        };
    }
}
