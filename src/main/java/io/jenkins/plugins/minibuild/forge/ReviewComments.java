package io.jenkins.plugins.minibuild.forge;

import java.io.IOException;
import java.util.List;

/**
 * Comments on one merge request, over the service's REST API: one summary that is written anew, and comments at lines, each once. A mark in each
 * comment names its subject. Comments of other accounts than the token's are never changed, whatever mark they hold. Waits, repeats and
 * throws as {@link MergeRequests} does.
 */
public interface ReviewComments {
    /**
     * A comment at a line.
     *
     * @param mark tells it apart from all others: letters and digits
     * @param file with forward slashes, from the top of the repository
     * @param line of the new version, one that was added
     * @param text Markdown; what others wrote in it is to be escaped
     */
    record LineComment(String mark, String file, int line, String text) {}

    /**
     * The result of {@link #write}.
     *
     * @param updated whether there was a summary already
     * @param written comments at lines that are new
     * @param known comments at lines that were there already
     * @param notes sentences for people about parts that the service did not do
     */
    record Written(boolean updated, int written, int known, List<String> notes) {
        /** Copies the list. */
        public Written {
            notes = List.copyOf(notes);
        }
    }

    /** The service's name as users know it. */
    String service();

    /**
     * Writes a review.
     *
     * @param number of the merge request
     * @param commit that was reviewed: when the merge request has moved on, its lines are others, and only the summary is written
     * @param mark of the summary: letters and digits
     * @param summary Markdown; what others wrote in it is to be escaped
     */
    Written write(long number, String commit, String mark, String summary, List<LineComment> comments)
            throws IOException, InterruptedException;
}
