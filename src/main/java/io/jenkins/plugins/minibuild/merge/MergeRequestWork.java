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
import jenkins.model.Jenkins;

/** Looks at the open merge requests that people have approved, so that one that has moved on since is marked although nobody looks at the page of its build. */
@Extension
public final class MergeRequestWork extends AsyncPeriodicWork {
    private final WatchedBuilds builds =
            new WatchedBuilds(Jenkins.get().getRootDir().toPath().resolve("mini-build/merge-requests.json"));

    public MergeRequestWork() {
        super("Mini Build merge requests");
    }

    /** Looks at the merge requests of a build from now on, until none is open. */
    static void watch(Run<?, ?> run) throws IOException {
        ExtensionList.lookupSingleton(MergeRequestWork.class).builds.add(run.getExternalizableId(), Instant.now());
    }

    @Override
    public long getRecurrencePeriod() {
        return HOUR / 6;
    }

    @Override
    protected void execute(TaskListener listener) throws IOException {
        List<String> done = new ArrayList<>();
        for (String id : builds.all()) {
            Run<?, ?> run = Run.fromExternalizableId(id);
            MergeRequestAction action = run == null ? null : run.getAction(MergeRequestAction.class);
            if (action == null || !action.look()) {
                done.add(id);
            }
        }
        builds.remove(done);
    }
}
