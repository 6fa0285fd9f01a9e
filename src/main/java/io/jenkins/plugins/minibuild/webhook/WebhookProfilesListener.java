package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.minibuild.step.AutoBuildFactory;
import java.util.List;
import java.util.stream.Collectors;

/** Removes the endpoints of profiles that are gone, so that none comes back to life. An endpoint belongs to the id of its profile, which a new name does not change. */
@Extension
public final class WebhookProfilesListener extends SaveableListener {
    @Override
    public void onChange(Saveable stored, XmlFile file) {
        if (ExtensionList.lookup(AutoBuildFactory.class).stream().noneMatch(each -> each.isKeptIn(stored))) {
            return;
        }
        List<String> known = WebhookTargetsAdapter.profiles().stream()
                .map(each -> WebhookTargetsAdapter.PROFILE + each.id())
                .collect(Collectors.toList());
        WebhookIntakeAdapter.use("The endpoints of profiles that are gone were not removed", opened -> {
            for (String owner : opened.endpoints().owners()) {
                if (owner.startsWith(WebhookTargetsAdapter.PROFILE) && !known.contains(owner)) {
                    opened.endpoints().remove(owner);
                    opened.log().remove(owner);
                }
            }
        });
    }
}
