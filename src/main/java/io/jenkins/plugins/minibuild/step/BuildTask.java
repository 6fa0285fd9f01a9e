package io.jenkins.plugins.minibuild.step;

import java.io.IOException;

/**
 * A piece of work of a build, written once: the Pipeline step, the freestyle build step and the tests all call it.
 *
 * @param <R> what it results in
 */
@FunctionalInterface
public interface BuildTask<R> {
    /**
     * Does the work, on a controller thread; commands and files are the agent's.
     *
     * @throws hudson.AbortException for what a user can mend, with a message that says how
     * @throws InterruptedException when the build is aborted; nothing that was started is left running
     */
    R run(BuildContext context) throws IOException, InterruptedException;
}
