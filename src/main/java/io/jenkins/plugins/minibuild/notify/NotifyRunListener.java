package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import java.util.Map;

/** Tells people of the end of a build whose profile says so. */
@Extension
public final class NotifyRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener listener) {
        // A QR code that was sent when it was new is not sent once more.
        boolean picture = !NotifyCountAction.isSentByProfile(run, Event.PREVIEW_READY);
        NotifyRequest request = NotifyRequest.byProfile(BuildFactsAction.of(run), picture);
        if (request != null) {
            NotifyAdapter.queue(run, true, request, new NoticeFactory(run).state(), Map.of(), Map.of(), listener);
        }
    }
}
