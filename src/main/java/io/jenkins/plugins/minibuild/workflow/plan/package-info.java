/** What is going to run: matrices repeated, settings inherited, the graph in order. */
package io.jenkins.plugins.minibuild.workflow.plan;
