package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.RootAction;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import io.jenkins.plugins.minibuild.step.AutoBuildFactory;
import java.util.List;
import jenkins.model.Jenkins;

/** The page of the webhooks of profiles, and of the shared address. */
@Extension
public final class WebhookPageAction implements RootAction {
    @Override
    @CheckForNull
    public String getIconFileName() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER) ? "symbol-link" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.WebhookPageAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "mini-build-webhooks";
    }

    /** The profiles of all jobs; one that a job has for itself shows on the job's own page. */
    public List<AutoBuild> getProfiles() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return ExtensionList.lookup(AutoBuildFactory.class).stream()
                .flatMap(each -> each.all().stream())
                .filter(each -> !each.isJobsOwn())
                .toList();
    }

    /** The names of the profiles, as Jelly reads them. */
    public List<String> getNames() {
        return getProfiles().stream().map(AutoBuild::name).toList();
    }

    /** The page of a profile, {@code profile/NAME}; null when there is none. */
    @CheckForNull
    public WebhookAction getProfile(String name) {
        return getNames().contains(name) ? new WebhookAction(WebhookIntakeAdapter.PROFILE + name, name) : null;
    }

    /** The page of what came to the shared address and was about no job. */
    public WebhookAction getShared() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new WebhookAction(Intake.SHARED, Messages.WebhookPageAction_shared());
    }
}
