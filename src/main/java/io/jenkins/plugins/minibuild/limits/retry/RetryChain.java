package io.jenkins.plugins.minibuild.limits.retry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashSet;
import java.util.Set;

/**
 * The original build and all its retries, of whichever of them they were made. Their number is kept with the original; where that was deleted, with
 * the first build of the chain that is still there.
 *
 * @param original the number of the build that keeps the count
 * @param used how many retries were made
 */
record RetryChain(int original, int used) {
    /** The most retries of an original build. */
    static final int MOST = 3;

    /** The builds of one job. */
    interface Builds {
        /** What the build of that number is in its chain; null if there is no such build. */
        @CheckForNull
        Link find(int number);
    }

    /**
     * One build.
     *
     * @param attempt the number of this retry in its chain, from 1; 0 for a build that is none
     * @param retried the number of the build that it retries
     * @param original the number of the build that the chain began with; 0 if that is not known
     * @param count how many retries were counted at this build
     */
    record Link(int attempt, int retried, int original, int count) {
        static final Link NO_RETRY = new Link(0, 0, 0, 0);
    }

    /** The chain of a build. */
    static RetryChain of(int number, Builds builds) {
        int root = number;
        int used = 0;
        Set<Integer> seen = new HashSet<>();
        // A build names one of before it; the set guards against a build.xml that was edited by hand.
        while (seen.add(root)) {
            Link link = builds.find(root);
            if (link == null) {
                break;
            }
            used = Math.max(used, Math.max(link.attempt(), link.count()));
            if (link.attempt() == 0) {
                break;
            }
            if (link.original() > 0 && builds.find(link.original()) != null) {
                root = link.original();
            } else if (builds.find(link.retried()) != null) {
                root = link.retried();
            } else {
                break;
            }
        }
        return new RetryChain(root, used);
    }

    /** The number of the next retry, from 1. */
    int next() {
        return used + 1;
    }

    boolean isUsedUp() {
        return used >= MOST;
    }
}
