package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.build.BuildNewsListener;
import java.util.Map;

/** Tells people of uploads, previews, reviews and the like, where a freestyle job asks for it; a Pipeline has its own step. */
@Extension
public final class NotifyNewsListener extends BuildNewsListener {
    @Override
    public void happened(Run<?, ?> run, String event, Map<String, String> facts) {
        if (run instanceof AbstractBuild<?, ?> build) {
            MiniBuildNotifyPublisher publisher =
                    build.getParent().getPublishersList().get(MiniBuildNotifyPublisher.class);
            if (publisher != null) {
                publisher.happened(build, Event.of(event), facts, null);
            }
        }
    }
}
