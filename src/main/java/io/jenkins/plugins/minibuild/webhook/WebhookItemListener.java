package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;

/** Renames and removes the endpoint and the deliveries of a job together with the job. */
@Extension
public final class WebhookItemListener extends ItemListener {
    @Override
    public void onLoaded() {
        WebhookIntakeAdapter.get().loaded();
    }

    @Override
    public void onBeforeShutdown() {
        WebhookIntakeAdapter.use(
                "The last deliveries were not stored", opened -> opened.log().flush());
    }

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        if (item instanceof Job) {
            String from = WebhookTargetsAdapter.JOB + oldFullName;
            String to = WebhookTargetsAdapter.JOB + newFullName;
            WebhookIntakeAdapter.use("The endpoint of " + from + " was not renamed to " + to, opened -> {
                opened.endpoints().rename(from, to);
                opened.log().rename(from, to);
            });
        }
    }

    @Override
    public void onDeleted(Item item) {
        if (item instanceof Job) {
            String owner = WebhookTargetsAdapter.JOB + item.getFullName();
            WebhookIntakeAdapter.use("The endpoint of " + owner + " was not removed", opened -> {
                opened.endpoints().remove(owner);
                opened.log().remove(owner);
            });
        }
    }
}
