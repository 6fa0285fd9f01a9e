package io.jenkins.plugins.minibuild.workflow;

import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jenkins.scm.RunWithSCM;

/** What conditions of a workflow can ask of a build. */
final class WorkflowFactsAdapter {
    private static final int MOST_PATHS = 100_000;

    private WorkflowFactsAdapter() {}

    /**
     * {@code branch}, {@code tag}, {@code target}, {@code event}, {@code commit} and {@code author}: what the build itself has checked out, then what its webhook or its
     * multibranch project says. One that is not known is missing.
     */
    static Map<String, String> of(Run<?, ?> run, EnvVars environment) {
        Map<String, String> facts = new TreeMap<>();
        put(
                facts,
                "branch",
                BuildFactsAction.of(run, Fact.BRANCH),
                environment.get("MINIBUILD_BRANCH"),
                environment.get("BRANCH_NAME"));
        put(
                facts,
                "commit",
                BuildFactsAction.of(run, Fact.COMMIT),
                environment.get("MINIBUILD_COMMIT"),
                environment.get("GIT_COMMIT"));
        put(facts, "author", BuildFactsAction.of(run, Fact.AUTHOR), environment.get("MINIBUILD_AUTHOR"));
        put(facts, "tag", environment.get("MINIBUILD_TAG"), environment.get("TAG_NAME"));
        put(facts, "merge_request", environment.get("MINIBUILD_MR"), environment.get("CHANGE_ID"));
        put(facts, "target", environment.get("MINIBUILD_TARGET_BRANCH"), environment.get("CHANGE_TARGET"));
        put(
                facts,
                "event",
                environment.get("MINIBUILD_MR") != null || environment.get("CHANGE_ID") != null
                        ? "merge_request"
                        : null,
                environment.get("MINIBUILD_EVENT"),
                environment.get("TAG_NAME") != null ? "tag" : null,
                event(run));
        return facts;
    }

    private static void put(Map<String, String> facts, String name, String... candidates) {
        for (String each : candidates) {
            if (each != null && !each.isEmpty()) {
                facts.put(name, each);
                return;
            }
        }
    }

    private static String event(Run<?, ?> run) {
        for (Cause cause : run.getCauses()) {
            String name = cause.getClass().getSimpleName();
            if (name.equals("TimerTriggerCause")) {
                return "timer";
            }
            if (cause instanceof Cause.UserIdCause) {
                return "manual";
            }
            if (name.equals("SCMTriggerCause") || name.equals("BranchEventCause")) {
                return "push";
            }
        }
        return "other";
    }

    /**
     * The paths that the changes of a build touched.
     *
     * @return null where that is not known: there is no build before, or nothing was checked out with its changes
     */
    static Set<String> changed(Run<?, ?> run) {
        if (!(run instanceof RunWithSCM<?, ?> build) || run.getPreviousBuild() == null) {
            return null;
        }
        Set<String> paths = new HashSet<>();
        List<ChangeLogSet<? extends ChangeLogSet.Entry>> sets = new ArrayList<>(build.getChangeSets());
        if (sets.isEmpty() && BuildFactsAction.of(run, Fact.COMMIT) == null) {
            return null;
        }
        for (ChangeLogSet<? extends ChangeLogSet.Entry> set : sets) {
            for (ChangeLogSet.Entry entry : set) {
                paths.addAll(entry.getAffectedPaths());
                if (paths.size() > MOST_PATHS) {
                    return null;
                }
            }
        }
        return paths;
    }

    /** Whether one of the paths matches; true where they are not known. */
    static boolean matches(Set<String> paths, String pattern) {
        if (paths == null) {
            return true;
        }
        Glob glob = Glob.paths(pattern);
        return paths.stream().anyMatch(glob::matches);
    }
}
