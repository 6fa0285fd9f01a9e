package io.jenkins.plugins.minibuild.miniprogram;

import hudson.model.InvisibleAction;

/** Shows the last QR code on the page of the job. Made for each view of the page; never stored. */
public final class MiniprogramJobAction extends InvisibleAction {

    private final MiniprogramAction build;

    MiniprogramJobAction(MiniprogramAction build) {
        this.build = build;
    }

    /** The action of the build that made the code. */
    public MiniprogramAction getBuild() {
        return build;
    }

    /** The number of the entry with the code, for its address. */
    public int getNumber() {
        return build.getLastPreview();
    }

    /** The preview. */
    public MiniprogramAction.Entry getPreview() {
        return build.getEntries().get(build.getLastPreview());
    }
}
