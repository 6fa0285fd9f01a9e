package hudson.model;

import hudson.ExtensionPoint;

/** A root action that everybody can reach. */
public interface UnprotectedRootAction extends RootAction, ExtensionPoint {}
