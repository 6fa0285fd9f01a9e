/** The workspace of a job: what it gets before it begins and what is kept of it. */
package io.jenkins.plugins.minibuild.workflow.place;
