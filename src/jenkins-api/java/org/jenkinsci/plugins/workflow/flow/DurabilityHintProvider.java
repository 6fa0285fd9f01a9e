package org.jenkinsci.plugins.workflow.flow;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Item;

/** Knows how often the state of a job's Pipelines is stored. */
public interface DurabilityHintProvider extends ExtensionPoint {
    @NonNull
    static FlowDurabilityHint suggestedFor(@NonNull Item x) {
        return FlowDurabilityHint.MAX_SURVIVABILITY;
    }
}
