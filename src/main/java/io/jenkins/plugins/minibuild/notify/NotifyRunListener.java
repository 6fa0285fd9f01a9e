package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import java.util.Map;

/** Sends a message about the end of a build, if its profile asks for it. */
@Extension
public final class NotifyRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener listener) {
        // The message about the preview had the QR code already.
        boolean picture = !NotifyCountAction.isSentByProfile(run, Event.PREVIEW_READY);
        NotifyRequest request = NotifyRequest.byProfile(BuildFactsAction.of(run), picture);
        if (request != null) {
            NotifyAdapter.queue(run, true, request, new NoticeFactory(run).state(), Map.of(), Map.of(), listener);
        }
    }
}
