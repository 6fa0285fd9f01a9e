package io.jenkins.plugins.minibuild.forge;

import java.io.IOException;
import java.util.List;

/**
 * Comments on one merge request, over the service's REST API: one summary that is written anew, and comments at lines, each once. What a comment is
 * about, a mark in it tells; only comments of the token's own account count, so that nobody else's comment is taken for one, or changed. Waits, repeats and
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
     * What came of it.
     *
     * @param updated whether there was a summary already
     * @param written comments at lines that are new
     * @param known comments at lines that were there already
     * @param notes what the service did not do, sentences for people
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
