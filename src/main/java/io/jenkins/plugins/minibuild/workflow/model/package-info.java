/** A workflow as its file says it; the form of stages and the form of needs are one model. */
package io.jenkins.plugins.minibuild.workflow.model;
