/** The states of a run and what moves them; the journal that they can be read from again. */
package io.jenkins.plugins.minibuild.workflow.run;
