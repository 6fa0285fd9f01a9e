package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;

/** Keeps endpoints with their jobs, and starts what an earlier run of the controller promised. */
@Extension
public final class WebhookItemListener extends ItemListener {
    @Override
    public void onLoaded() {
        WebhookIntakeAdapter.get().recover();
    }

    @Override
    public void onBeforeShutdown() {
        WebhookIntakeAdapter.get().beforeShutdown();
    }

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        if (item instanceof Job) {
            WebhookIntakeAdapter.get().renamed(oldFullName, newFullName);
        }
    }

    @Override
    public void onDeleted(Item item) {
        if (item instanceof Job) {
            WebhookIntakeAdapter.get().deleted(item.getFullName());
        }
    }
}
