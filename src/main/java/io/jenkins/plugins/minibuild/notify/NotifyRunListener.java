package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import java.util.Map;

/** Sends messages about the start and the end of a build, if its profiles or the settings of its job ask for them. */
@Extension
public final class NotifyRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        NotifyJobConfiguration.tell(run, Event.START, Map.of(), listener);
    }

    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener listener) {
        Event end = new NoticeFactory(run).state();
        for (NotifyRequest request : NotifyRequest.byProfiles(BuildFactsAction.of(run))) {
            boolean shown = NotifyCountAction.isAskedFor(run, request, Event.PREVIEW_READY);
            boolean told = shown || NotifyCountAction.isAskedFor(run, request, Event.UPLOADED);
            if (end == Event.SUCCESS && told && request.isForNews()) {
                // What it made was told when it was made: that the build ended well is no further news.
                continue;
            }
            // The message about the preview had the QR code already.
            NotifyAdapter.queue(run, shown ? request.withoutPicture() : request, end, Map.of(), Map.of(), listener);
        }
        NotifyJobConfiguration.tell(run, end, Map.of(), listener);
    }
}
