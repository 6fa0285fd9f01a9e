package io.jenkins.plugins.minibuild.codegen;

import io.jenkins.plugins.minibuild.files.Glob;

/**
 * The Pipeline script of a job in its repository: what stands there runs in the job's next build. Immutable.
 *
 * @param path as the job has it
 */
public record JobScript(String path) {
    /** Matches the script in a list of changed files. */
    Glob pattern() {
        return Glob.exactly(path.replaceFirst("^(\\./|/)+", ""));
    }
}
