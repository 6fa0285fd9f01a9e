package io.jenkins.plugins.minibuild.miniprogram;

import hudson.AbortException;

/** miniprogram-ci reported an error. The message is for the user; the flags decide whether the upload is tried again. */
final class CiFailureException extends AbortException {

    private static final long serialVersionUID = 1L;

    private final boolean network;
    private final boolean sent;

    CiFailureException(String message, DriverFailure failure) {
        super(message);
        network = Explanation.isNetwork(failure);
        sent = failure.phase().equals("upload");
    }

    /** Whether the network failed, rather than the program, the key or the service. */
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
