package hudson.model.listeners;

import hudson.ExtensionPoint;

/** Is told of items. */
public class ItemListener implements ExtensionPoint {
    public void onLoaded() {}
}
