package io.jenkins.plugins.minibuild.checkout;

import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.io.Serializable;

/**
 * What to check out, and how. Values are checked before one is made.
 *
 * @param ref a branch, a tag or a whole ref name; empty for the remote's default
 * @param commit 40 hexadecimal digits, or empty
 * @param credentialsId empty for none
 * @param directory below the workspace; empty for the workspace itself
 * @param depth of the history, 0 for all of it
 * @param submodules whether to check out submodules, theirs included
 * @param lfs whether to fetch the files that Git LFS keeps
 * @param retries how often a broken transfer is tried again
 * @param verify whether to ask the service's API first
 * @param mirror whether builds on the agent share what they fetched
 * @param force whether a folder that holds something else may be emptied
 * @param local whether a repository may be a folder of the agent
 */
record CheckoutRequest(
        RepositoryUrl url,
        String ref,
        String commit,
        String credentialsId,
        String directory,
        int depth,
        boolean submodules,
        boolean lfs,
        int retries,
        boolean verify,
        boolean mirror,
        boolean force,
        boolean local)
        implements Serializable {
    /** The same for one commit. */
    CheckoutRequest at(String otherCommit) {
        return at(ref, otherCommit);
    }

    /** The same for what started the build. */
    CheckoutRequest about(SourceCommit source) {
        return at(source.ref(), source.commit() == null ? "" : source.commit());
    }

    private CheckoutRequest at(String otherRef, String otherCommit) {
        return new CheckoutRequest(
                url,
                otherRef,
                otherCommit,
                credentialsId,
                directory,
                depth,
                submodules,
                lfs,
                retries,
                verify,
                mirror,
                force,
                local);
    }
}
