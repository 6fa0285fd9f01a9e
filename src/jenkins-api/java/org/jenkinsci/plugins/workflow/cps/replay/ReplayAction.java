package org.jenkinsci.plugins.workflow.cps.replay;

import hudson.model.Action;
import hudson.security.Permission;

/** The page "Replay" of a Pipeline's build. */
public abstract class ReplayAction implements Action {
    public static final Permission REPLAY = Permission.named("Run.Replay");
}
