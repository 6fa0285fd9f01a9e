package org.jenkinsci.plugins.workflow.job;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.ItemGroup;
import hudson.model.Job;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;

/** A Pipeline job. */
public final class WorkflowJob extends Job<WorkflowJob, WorkflowRun> {
    private FlowDefinition definition;

    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public WorkflowJob(ItemGroup parent, String name) {
        super(parent, name);
    }

    @CheckForNull
    public FlowDefinition getDefinition() {
        return definition;
    }

    @Override
    public boolean isBuildable() {
        return true;
    }
}
