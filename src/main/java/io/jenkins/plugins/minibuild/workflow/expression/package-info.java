/** The conditions and the texts with references of a workflow: a small language that runs no code. */
package io.jenkins.plugins.minibuild.workflow.expression;
