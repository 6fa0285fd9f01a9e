package io.jenkins.plugins.minibuild.checkout;

import java.io.Serializable;

/**
 * A checkout with all its options. {@link CheckoutOptions} has checked the values.
 *
 * @param credentialsId empty for none
 */
record CheckoutRequest(
        RepositoryUrl url, String credentialsId, Revision revision, Content content, Target target, Transfer transfer)
        implements Serializable {
    /**
     * Which commit.
     *
     * @param ref a branch, a tag or a whole ref name; empty for the remote's default
     * @param commit 40 hexadecimal digits of a commit or an annotated tag; empty for the newest of the ref
     * @param event whether the commit of the event that started the build counts more
     */
    record Revision(String ref, String commit, EventUse event) implements Serializable {}

    /** When the event that started the build decides what is checked out; a commit that the step names always comes first. */
    enum EventUse {
        /** The branch is a default, of a profile: a build that an event started builds the event's commit. */
        INSTEAD_OF_BRANCH,
        /** The branch is the user's: the event's commit is built if it is of that branch. */
        ON_SAME_BRANCH,
        /** The newest commit of the branch is needed, whatever started the build. */
        NEVER
    }

    /**
     * How much of the repository.
     *
     * @param depth of the history, 0 for all of it
     * @param submodules whether to check out submodules, theirs included
     * @param lfs whether to fetch the files that Git LFS keeps
     */
    record Content(int depth, boolean submodules, boolean lfs) implements Serializable {}

    /**
     * Where to.
     *
     * @param directory below the workspace; empty for the workspace itself
     * @param force whether a folder that holds something else may be emptied
     */
    record Target(String directory, boolean force) implements Serializable {}

    /**
     * How it gets there.
     *
     * @param retries how often a broken transfer is tried again
     * @param verify whether to ask the service's API first
     * @param mirror whether builds on the agent share what they fetched
     * @param local whether a repository may be a folder of the agent
     */
    record Transfer(int retries, boolean verify, boolean mirror, boolean local) implements Serializable {}

    /** The same with more or less of the repository. */
    CheckoutRequest with(Content other) {
        return new CheckoutRequest(url, credentialsId, revision, other, target, transfer);
    }

    /** The same for another commit. */
    CheckoutRequest at(Revision other) {
        return new CheckoutRequest(url, credentialsId, other, content, target, transfer);
    }
}
