package io.jenkins.plugins.minibuild.step;

import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.Map;

/** A step that needs no workspace and can be used by its name outside of a Pipeline, see {@link StepUseAdapter}. */
public interface UsableStep {
    /**
     * Does the work of the step, on a thread of the controller that may wait.
     *
     * @return what it returns in a Pipeline
     * @throws hudson.AbortException for what a user can mend
     */
    Map<String, Object> use(Run<?, ?> run, EnvVars environment, TaskListener log)
            throws IOException, InterruptedException;
}
