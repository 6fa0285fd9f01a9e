package org.jenkinsci.plugins.workflow.cps;

import hudson.scm.SCM;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;

/** A Pipeline whose script is in a repository. */
public class CpsScmFlowDefinition extends FlowDefinition {
    private final String scriptPath;

    public CpsScmFlowDefinition(SCM scm, String scriptPath) {
        this.scriptPath = scriptPath.trim();
    }

    public String getScriptPath() {
        return scriptPath;
    }
}
