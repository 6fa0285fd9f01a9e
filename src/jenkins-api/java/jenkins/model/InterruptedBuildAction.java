package jenkins.model;

import hudson.model.InvisibleAction;

/** Kept with a build that somebody interrupted. */
public class InterruptedBuildAction extends InvisibleAction {}
