package org.jenkinsci.plugins.workflow.job;

import hudson.model.Run;

/** A build of a Pipeline job. */
public final class WorkflowRun extends Run<WorkflowJob, WorkflowRun> {}
