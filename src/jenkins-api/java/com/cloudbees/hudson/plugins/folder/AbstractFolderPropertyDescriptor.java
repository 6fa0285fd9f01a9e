package com.cloudbees.hudson.plugins.folder;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Descriptor;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/** Knows a kind of folder property. */
public abstract class AbstractFolderPropertyDescriptor extends Descriptor<AbstractFolderProperty<?>> {
    public AbstractFolderPropertyDescriptor() {}

    /** Declared anew with its narrower type: who calls {@code super} through the wider one calls itself. */
    @Override
    public AbstractFolderProperty<?> newInstance(@Nullable StaplerRequest2 req, @NonNull JSONObject formData)
            throws FormException {
        return super.newInstance(req, formData);
    }
}
