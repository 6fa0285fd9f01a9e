package org.jenkinsci.plugins.workflow.cps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** A Pipeline of a Groovy script. */
public class CpsFlowExecution extends FlowExecution {
    private final String script;
    private final boolean sandbox;

    public CpsFlowExecution(
            @NonNull String script,
            boolean sandbox,
            @NonNull FlowExecutionOwner owner,
            @CheckForNull FlowDurabilityHint durabilityHint)
            throws IOException {
        this.script = script;
        this.sandbox = sandbox;
    }

    public String getScript() {
        return script;
    }

    public boolean isSandbox() {
        return sandbox;
    }
}
