package hudson.model;

import hudson.ExtensionPoint;

/** A link and a page of Jenkins itself. */
public interface RootAction extends Action, ExtensionPoint {}
