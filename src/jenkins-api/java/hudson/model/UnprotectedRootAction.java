package hudson.model;

import hudson.ExtensionPoint;

/** Answers those who may not see Jenkins. */
public interface UnprotectedRootAction extends RootAction, ExtensionPoint {}
