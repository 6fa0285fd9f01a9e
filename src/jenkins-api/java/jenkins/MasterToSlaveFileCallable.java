package jenkins;

import jenkins.agents.ControllerToAgentFileCallable;

/** Runs on an agent, on a file of it. */
public abstract class MasterToSlaveFileCallable<T> implements ControllerToAgentFileCallable<T> {
    private static final long serialVersionUID = 1L;
}
