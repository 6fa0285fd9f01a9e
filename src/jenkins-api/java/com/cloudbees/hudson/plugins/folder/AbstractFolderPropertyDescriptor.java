package com.cloudbees.hudson.plugins.folder;

import hudson.model.Descriptor;

/** Knows a kind of folder property. */
public abstract class AbstractFolderPropertyDescriptor extends Descriptor<AbstractFolderProperty<?>> {
    public AbstractFolderPropertyDescriptor() {}
}
