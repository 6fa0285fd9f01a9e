package io.jenkins.plugins.minibuild.planted.review;

import hudson.model.Item;
import hudson.util.FormValidation;
import org.kohsuke.stapler.verb.POST;

/** Breaks: form methods answer POST, form methods check a permission. */
public final class PlantedFormConfiguration {
    public FormValidation doCheckByGet(Item item) {
        item.checkPermission(Item.CONFIGURE);
        return FormValidation.ok();
    }

    @POST
    public FormValidation doCheckByAnyone() {
        return FormValidation.ok();
    }
}
