package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import java.io.IOException;

/** Reads changes and reports what is wrong with them; it may read files and nothing else. All questions share one set of caps. */
public interface Reviewer {
    /**
     * The reply to a question.
     *
     * @param report in the form that was asked for, not checked; null if there is none
     * @param shortfall for people: why there is no report and none can come, such as a cap that was reached; null otherwise
     */
    record Reply(
            @CheckForNull JsonNode report, @CheckForNull String shortfall) {}

    /**
     * Asks for a review.
     *
     * @param folder on the agent, with the files of the change; nothing outside it is read
     * @param schema of the report, as JSON Schema
     * @throws hudson.AbortException if the reviewer cannot work at all, for example because its key is refused
     */
    Reply ask(FilePath folder, String prompt, String schema) throws IOException, InterruptedException;

    /** The cost of all questions so far. */
    ReviewReport.Cost cost();
}
