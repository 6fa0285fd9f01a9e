package org.jenkinsci.plugins.workflow.steps;

/** A step could not outlive a restart. */
public class SynchronousResumeNotSupportedException extends Exception {
    private static final long serialVersionUID = 1L;

    public SynchronousResumeNotSupportedException(StepContext context) {
        super("the step cannot be resumed");
    }
}
