package io.jenkins.plugins.minibuild.workflow.model;

/**
 * A place in a workflow's file.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
public record Position(int line, int column) {}
