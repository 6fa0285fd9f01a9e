/** The process of a job on an agent: started, followed, ended. */
package io.jenkins.plugins.minibuild.workflow.engine;
