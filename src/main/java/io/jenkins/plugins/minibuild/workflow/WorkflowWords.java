package io.jenkins.plugins.minibuild.workflow;

/** The words of the scripts that draw workflows, in the reader's language: its view {@code words.jelly} puts them on a page. */
public final class WorkflowWords {
    WorkflowWords() {}
}
