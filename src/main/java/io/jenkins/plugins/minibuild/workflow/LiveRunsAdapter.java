package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.workflow.run.LiveRun;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The runs that go on in this controller. */
final class LiveRunsAdapter {
    private static final Map<String, LiveRun> LIVE = new ConcurrentHashMap<>();

    private LiveRunsAdapter() {}

    private static String key(Run<?, ?> run, int number) {
        return run.getExternalizableId() + " " + number;
    }

    static void add(Run<?, ?> run, int number, LiveRun live) {
        LIVE.put(key(run, number), live);
    }

    static void remove(Run<?, ?> run, int number, LiveRun live) {
        LIVE.remove(key(run, number), live);
    }

    /** Ends a job of a build, as if somebody had pressed the button on its page. */
    static void cancelJob(Run<?, ?> run, int number, String job, String by) {
        LiveRun live = find(run, number);
        if (live != null) {
            live.cancelJob(job, by);
        }
    }

    /** The one of a build's workflow; null if it does not go on. */
    @CheckForNull
    static LiveRun find(Run<?, ?> run, int number) {
        return LIVE.get(key(run, number));
    }
}
