package org.jenkinsci.plugins.workflow.flow;

import hudson.ExtensionPoint;

/** Where the script of a Pipeline comes from. */
public abstract class FlowDefinition implements ExtensionPoint {}
