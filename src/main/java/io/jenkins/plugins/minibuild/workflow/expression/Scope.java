package io.jenkins.plugins.minibuild.workflow.expression;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** What an expression can ask for. */
public interface Scope {
    /**
     * The value of a name: {@code branch}, {@code tag}, {@code target}, {@code event}, {@code commit}, {@code author}, {@code agent_os}, or a dotted one:
     * {@code variables.NAME}, {@code matrix.NAME}, {@code jobs.NAME.result}, {@code jobs.NAME.outputs.KEY}.
     *
     * @return null for one that has no value here, which counts as an empty text
     */
    @CheckForNull
    String value(String name);

    /** Whether all that it needs (or, in a job, all steps before) ended well. */
    boolean success();

    /** Whether something that it needs, directly or not (or, in a job, a step before), failed. */
    boolean failure();

    /** Whether a file that matches the pattern was changed since the last build. Where that is not known, true. */
    boolean changed(String pattern);
}
