package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * How a job is started.
 *
 * @param quietPeriod seconds; null for the job's own
 * @param cancelSuperseded whether running builds of the same branch or merge request are cancelled
 * @param repository whose commit shows the state of the build; from the configuration, never from a call; empty for none
 * @param statusCredentialsId of the token for that; empty for none
 */
record StartSettings(
        @CheckForNull Integer quietPeriod, boolean cancelSuperseded, String repository, String statusCredentialsId) {
    static final StartSettings STANDARD = new StartSettings(null, false, "", "");
}
