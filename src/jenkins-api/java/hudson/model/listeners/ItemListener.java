package hudson.model.listeners;

import hudson.ExtensionPoint;
import hudson.model.Item;

/** Is told of jobs and folders. */
public class ItemListener implements ExtensionPoint {
    public void onLoaded() {}

    public void onCreated(Item item) {}

    public void onCopied(Item src, Item item) {}

    public void onUpdated(Item item) {}

    public void onDeleted(Item item) {}

    public void onLocationChanged(Item item, String oldFullName, String newFullName) {}

    public void onBeforeShutdown() {}
}
