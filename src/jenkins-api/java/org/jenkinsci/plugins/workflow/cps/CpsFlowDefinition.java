package org.jenkinsci.plugins.workflow.cps;

import org.jenkinsci.plugins.workflow.flow.FlowDefinition;

/** A script that stands in the job. */
public class CpsFlowDefinition extends FlowDefinition {}
