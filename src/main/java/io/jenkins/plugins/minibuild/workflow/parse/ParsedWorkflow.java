package io.jenkins.plugins.minibuild.workflow.parse;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.model.Workflow;
import java.util.List;

/**
 * A file as it was read. Immutable.
 *
 * @param workflow null if a problem is an error
 * @param problems in the order of the file
 */
public record ParsedWorkflow(@CheckForNull Workflow workflow, List<Problem> problems) {
    /** Copies the list. */
    public ParsedWorkflow {
        problems = List.copyOf(problems);
    }
}
