package io.jenkins.plugins.minibuild.merge;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;

/** Looks at the open merge requests that people have approved, so that one that has moved on since is marked although nobody looks at the page of its build. */
@Extension
public final class MergeRequestWork extends AsyncPeriodicWork {
    private final WatchedRequests watched =
            new WatchedRequests(Jenkins.get().getRootDir().toPath().resolve("mini-build/merge-requests.json"));

    public MergeRequestWork() {
        super("Mini Build merge requests");
    }

    private static MergeRequestWork get() {
        return ExtensionList.lookupSingleton(MergeRequestWork.class);
    }

    /** Looks at a merge request of a build from now on, until it is closed or a later build changes it. */
    static void watch(Run<?, ?> run, String url) throws IOException {
        get().watched.add(url, run.getExternalizableId(), Instant.now());
    }

    /** Whether the build was the last one that opened or changed a merge request. */
    static boolean isWatched(Run<?, ?> run, String url) throws IOException {
        WatchedRequests.Watch watch = get().watched.all().get(url);
        return watch != null && watch.build().equals(run.getExternalizableId());
    }

    @Override
    public long getRecurrencePeriod() {
        return HOUR / 6;
    }

    @Override
    protected void execute(TaskListener listener) throws IOException {
        List<String> done = new ArrayList<>();
        for (Map.Entry<String, WatchedRequests.Watch> each : watched.all().entrySet()) {
            Run<?, ?> run = Run.fromExternalizableId(each.getValue().build());
            MergeRequestAction action = run == null ? null : run.getAction(MergeRequestAction.class);
            if (action == null || !action.look(each.getKey())) {
                done.add(each.getKey());
            }
        }
        watched.remove(done);
    }
}
