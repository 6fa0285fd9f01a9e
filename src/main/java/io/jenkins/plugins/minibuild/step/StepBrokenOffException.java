package io.jenkins.plugins.minibuild.step;

import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.SynchronousResumeNotSupportedException;

/**
 * A step was running when the controller was restarted or killed. It is of the kind that {@code retry(conditions: [nonresumable()])} waits for. The log shows
 * its message alone: where in the plugin it was made says nothing to a user.
 */
final class StepBrokenOffException extends SynchronousResumeNotSupportedException {
    private static final long serialVersionUID = 1L;

    private final String message;

    StepBrokenOffException(StepContext context, String message) {
        super(context);
        this.message = message;
        setStackTrace(new StackTraceElement[0]);
    }

    @Override
    public String getMessage() {
        return message;
    }

    @Override
    public String toString() {
        return "ERROR: " + message;
    }
}
