package org.jenkinsci.plugins.workflow.flow;

/** A Pipeline that runs or ran. */
public abstract class FlowExecution {}
