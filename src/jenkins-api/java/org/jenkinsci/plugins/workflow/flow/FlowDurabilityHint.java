package org.jenkinsci.plugins.workflow.flow;

/** How often the state of a Pipeline is stored. */
public enum FlowDurabilityHint {
    PERFORMANCE_OPTIMIZED,
    SURVIVABLE_NONATOMIC,
    MAX_SURVIVABILITY
}
