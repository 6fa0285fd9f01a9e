package io.jenkins.plugins.minibuild.miniprogram;

import hudson.AbortException;

/** miniprogram-ci reported an error; the message is for the user, the rest for who decides whether to try again. */
final class CiFailureException extends AbortException {

    private static final long serialVersionUID = 1L;

    private final boolean network;
    private final boolean sent;

    CiFailureException(String message, DriverFailure failure) {
        super(message);
        network = Explanation.isNetwork(failure);
        sent = failure.phase().equals("upload");
    }

    /** Whether the way to the service broke, and not the program, the key or the service's mind. */
    boolean isNetwork() {
        return network;
    }

    /**
     * Whether the package was on its way. The driver enters its phase "upload" before miniprogram-ci sends the package; from then on
     * the service may have accepted the version even if no answer came. Before it, the service cannot know of it.
     */
    boolean mayHaveBeenAccepted() {
        return sent;
    }
}
