package jenkins.scm.api;

import hudson.model.InvisibleAction;

/** The commit that a branch of a multibranch job was built at. */
public class SCMRevisionAction extends InvisibleAction {}
