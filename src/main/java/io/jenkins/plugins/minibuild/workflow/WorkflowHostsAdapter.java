package io.jenkins.plugins.minibuild.workflow;

import hudson.model.Run;
import io.jenkins.plugins.minibuild.workflow.place.Hosts;

/** Makes what speaks to the processes of jobs. */
final class WorkflowHostsAdapter {
    private WorkflowHostsAdapter() {}

    static Hosts.Opener opener(Run<?, ?> run) {
        throw new UnsupportedOperationException();
    }
}
