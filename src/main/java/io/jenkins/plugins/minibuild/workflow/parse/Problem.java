package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Position;

/**
 * Something wrong with a workflow's file.
 *
 * @param position where; 1:1 for the file as a whole
 * @param severity whether the workflow can run in spite of it
 * @param text what is wrong, in the language of the build
 * @param remedy what to do, in the same language
 */
public record Problem(Position position, Severity severity, String text, String remedy) {
    /** How bad it is. */
    public enum Severity {
        /** The workflow does not run. */
        ERROR,
        /** It runs, but perhaps not as meant. */
        WARNING
    }

    /** {@code FILE:LINE:COLUMN: what is wrong; what to do}. */
    public String line(String file) {
        return Messages.Problem_line(file, position.line(), position.column(), text, remedy);
    }
}
