package org.jenkinsci.plugins.workflow.job;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;

/** A Pipeline job. */
public final class WorkflowJob extends Job<WorkflowJob, WorkflowRun> {
    @CheckForNull
    public FlowDefinition getDefinition() {
        return null;
    }

    @Override
    public boolean isBuildable() {
        return true;
    }
}
