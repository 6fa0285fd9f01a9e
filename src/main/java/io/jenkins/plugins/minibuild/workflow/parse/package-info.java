/** Reads a workflow's file, says all that is wrong with it, and describes its language as a JSON Schema. */
package io.jenkins.plugins.minibuild.workflow.parse;
