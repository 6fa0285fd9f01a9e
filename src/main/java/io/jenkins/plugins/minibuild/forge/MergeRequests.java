package io.jenkins.plugins.minibuild.forge;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The merge requests of one repository, over the service's REST API: {@link Forge#mergeRequests}. Every method waits for as long as the service asks
 * where it limits the rate, but no longer than a minute in all, and repeats what may be repeated when the service is down for a moment.
 *
 * <p>Every method throws {@link MergeRequestProblem} when the service refuses, and another {@link IOException} when it cannot be reached or its answer
 * cannot be read: that may work later. No message holds the token. Safe for use by several threads.
 */
public interface MergeRequests {
    /**
     * The result of {@link #save}.
     *
     * @param created whether it was opened now
     * @param notes sentences for people about parts that the service did not do: a label, a reviewer, a draft
     */
    record Saved(MergeRequest request, boolean created, List<String> notes) {
        /** Copies the list. */
        public Saved {
            notes = List.copyOf(notes);
        }
    }

    /** The service's name as users know it. */
    String service();

    /** The repository's default branch. */
    String defaultBranch() throws IOException, InterruptedException;

    /** The id of the newest commit of a branch. */
    String head(String branch) throws IOException, InterruptedException;

    /**
     * What the head would bring to the base.
     *
     * @param base a branch or the id of a commit, as {@code head}
     */
    Comparison compare(String base, String head) throws IOException, InterruptedException;

    /**
     * The commit at which a head left its base; a smaller answer than that of {@link #compare}.
     *
     * @param base a branch or the id of a commit, as {@code head}
     * @return empty when the service does not say
     */
    Optional<String> mergeBase(String base, String head) throws IOException, InterruptedException;

    /** Writes a comment to a merge request as a whole. */
    void comment(long number, String text) throws IOException, InterruptedException;

    /** Makes an open one a draft, which nobody merges by accident. Does nothing where the service cannot, and to one that is a draft. */
    void makeDraft(MergeRequest open) throws IOException, InterruptedException;

    /** The open one from a branch of this repository to another. */
    Optional<MergeRequest> findOpen(String source, String target) throws IOException, InterruptedException;

    /** One by its number. */
    MergeRequest get(long number) throws IOException, InterruptedException;

    /**
     * Opens a merge request, or changes the open one of the same branches. A second call changes nothing and opens no second one, even when the
     * answer to the first was lost.
     */
    Saved save(MergeRequestDraft draft) throws IOException, InterruptedException;
}
