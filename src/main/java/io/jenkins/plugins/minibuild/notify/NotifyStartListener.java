package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.listeners.ItemListener;

/** Wakes the outbox when Jenkins has started: what an earlier run of the controller left goes out without anybody asking for it. */
@Extension
public final class NotifyStartListener extends ItemListener {
    @Override
    public void onLoaded() {
        NotifyAdapter.get();
    }
}
