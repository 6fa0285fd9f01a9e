package io.jenkins.plugins.minibuild.workflow.engine;

/** The controller's end of the following: an agent calls it. It takes bytes only, so that no object of an agent's choice is made of them. */
interface JobPush {
    /**
     * Takes news, see {@link JobNewsFormat}. It returns when all of it is told, so that an agent is never ahead of the controller by more than one call.
     *
     * @return whether the agent goes on
     */
    boolean take(byte[] news);
}
