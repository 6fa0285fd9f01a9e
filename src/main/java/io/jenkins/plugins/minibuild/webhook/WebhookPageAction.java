package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.ManagementLink;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import java.io.IOException;
import java.util.List;
import jenkins.model.Jenkins;

/** The page below Manage Jenkins: the webhooks of profiles and of the shared address. */
@Extension
public final class WebhookPageAction extends ManagementLink {
    @Override
    @CheckForNull
    public String getIconFileName() {
        return "symbol-link";
    }

    @Override
    public String getDisplayName() {
        return Messages.WebhookPageAction_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.WebhookPageAction_description();
    }

    @Override
    public String getUrlName() {
        return "mini-build-webhooks";
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.CONFIGURATION;
    }

    /** Why the files of the webhooks cannot be opened; null when they are open. */
    @CheckForNull
    public String getProblem() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            WebhookIntakeAdapter.get().opened();
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** The names of the profiles, without those that belong to one job and show on its page. */
    public List<String> getNames() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return WebhookTargetsAdapter.profiles().stream()
                .filter(each -> !each.isJobsOwn())
                .map(AutoBuild::name)
                .toList();
    }

    /** The address of a profile's page below this one: a name may have blanks and brackets. */
    public String path(String name) {
        return "profile/" + Util.rawEncode(name) + "/";
    }

    /** The page of a profile, {@code profile/NAME}; null when there is none. */
    @CheckForNull
    public WebhookAction getProfile(String name) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return WebhookTargetsAdapter.profiles().stream()
                .filter(each -> !each.isJobsOwn() && each.name().equals(name))
                .findFirst()
                .map(each -> new WebhookAction(WebhookTargetsAdapter.PROFILE + each.id(), each.name()))
                .orElse(null);
    }

    /** The page of the deliveries at the shared address that were about no job. */
    public WebhookAction getShared() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new WebhookAction(Intake.SHARED, Messages.WebhookPageAction_shared());
    }
}
