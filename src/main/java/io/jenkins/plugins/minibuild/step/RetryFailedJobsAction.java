package io.jenkins.plugins.minibuild.step;

import hudson.model.InvisibleAction;

/** Marks a retry that takes over what ended well in the build that it repeats: the jobs of a workflow. */
public final class RetryFailedJobsAction extends InvisibleAction {}
