package io.jenkins.plugins.minibuild.workflow.model;

/**
 * A stage of a workflow in go-idp's form. Its jobs are among those of the workflow, and need those of the stage before. Immutable.
 *
 * @param name for people
 * @param settings its own only
 * @param serial whether each of its jobs needs the one before it
 */
public record Stage(String name, Position position, Settings settings, boolean serial) {}
