package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import java.io.IOException;

/** Who reads changes and says what is wrong with them; it may read files and nothing else. Its calls share one set of caps. */
public interface Reviewer {
    /**
     * An answer.
     *
     * @param report in the form that was asked for, not checked; null if there is none
     * @param shortfall why there is none and asking again is of no use, such as a cap that was passed, for people; null otherwise
     */
    record Answer(
            @CheckForNull JsonNode report, @CheckForNull String shortfall) {}

    /**
     * Asks for a review.
     *
     * @param folder on the agent, with the files of the change; nothing outside it is read
     * @param schema of the answer, as JSON Schema
     * @throws hudson.AbortException if it cannot work at all: its key is not accepted, for one
     */
    Answer ask(FilePath folder, String prompt, String schema) throws IOException, InterruptedException;

    /** What all calls together did cost so far. */
    ReviewReport.Cost cost();
}
