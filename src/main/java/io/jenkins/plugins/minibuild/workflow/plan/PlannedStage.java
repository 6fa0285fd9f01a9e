package io.jenkins.plugins.minibuild.workflow.plan;

/**
 * A stage of go-idp's form.
 *
 * @param timeoutMillis from the start of its first job to the end of its last one; 0 for none
 */
public record PlannedStage(String name, long timeoutMillis) {}
