package io.jenkins.plugins.minibuild.workflow.expression;

/**
 * A value that is known only when a job starts, as it stands between <code>${</code> and <code>}</code>.
 *
 * @param kind what it is a value of
 * @param name of the variable, of the axis of a matrix, of the job, of the credential; never empty
 * @param key of {@code jobs.NAME.outputs.KEY}; of {@code credentials.ID.KEY}, where it is {@code username} or {@code password}; else empty
 */
public record Reference(Kind kind, String name, String key) {
    /** What a reference is a value of. */
    public enum Kind {
        /** <code>${jobs.NAME.outputs.KEY}</code>. */
        OUTPUT,
        /** <code>${matrix.NAME}</code>. */
        MATRIX,
        /** <code>${variables.NAME}</code>. */
        VARIABLE,
        /** <code>${credentials.ID}</code>, <code>${credentials.ID.username}</code>, <code>${credentials.ID.password}</code>. */
        CREDENTIAL
    }
}
