package io.jenkins.plugins.minibuild.workflow.expression;

/**
 * A name in an expression.
 *
 * @param name dotted, as {@link Scope#value} takes it
 * @param offset of its first character in the source
 */
public record Mention(String name, int offset) {}
