/** runWorkflow: a YAML workflow as a graph of jobs. */
package io.jenkins.plugins.minibuild.workflow;
