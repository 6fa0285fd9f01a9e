package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.access.Forks;
import io.jenkins.plugins.minibuild.webhook.Trust.Origin;
import io.jenkins.plugins.minibuild.webhook.Trust.Standing;

/**
 * Which merge requests of forks, and whose comments, start a job.
 *
 * @param everybodysComments whether also comments of people who may not write to the repository do
 */
record Admission(Forks forks, boolean everybodysComments) {
    static final Admission STRICTEST = new Admission(Forks.NEVER, false);

    /** The same, at most as open as a policy says. */
    Admission within(@CheckForNull Forks policy) {
        return policy == null || policy.compareTo(forks) >= 0 ? this : new Admission(policy, everybodysComments);
    }

    /**
     * Decides about an event of a merge request.
     *
     * @return null if it may start the job; {@link Reason#RIGHTS} if the service has to be asked first
     */
    @CheckForNull
    Reason refusal(EventKind kind, Trust trust, boolean commitKnown) {
        if (kind == EventKind.MERGED) {
            // Whoever merged it may write to the repository.
            return null;
        }
        if (trust.origin() == Origin.FORK && forks == Forks.NEVER) {
            return Reason.FORK;
        }
        boolean comment = kind == EventKind.COMMENT;
        if (comment && !everybodysComments && trust.standing() == Standing.STRANGER) {
            return Reason.STRANGER;
        }
        if (trust.origin() == Origin.FORK && forks == Forks.MEMBERS && trust.standing() == Standing.STRANGER) {
            return Reason.FORK;
        }
        boolean standingCounts =
                comment && !everybodysComments || trust.origin() != Origin.OWN && forks == Forks.MEMBERS;
        boolean open = trust.origin() == Origin.UNKNOWN && forks != Forks.ALWAYS
                || standingCounts && trust.standing() == Standing.UNKNOWN
                || !commitKnown;
        return open ? Reason.RIGHTS : null;
    }
}
