package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.PluginWrapper;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.StepUseAdapter;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Cache;
import io.jenkins.plugins.minibuild.workflow.place.AgentPlace;
import io.jenkins.plugins.minibuild.workflow.place.Artifacts;
import io.jenkins.plugins.minibuild.workflow.place.CacheScope;
import io.jenkins.plugins.minibuild.workflow.place.Caches;
import io.jenkins.plugins.minibuild.workflow.place.JobSources;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.run.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import jenkins.util.VirtualFile;

/** What is done in the workspaces of jobs before, between and after their processes. */
final class PlaceWorkAdapter {
    private final Run<?, ?> run;
    private final int number;
    private final Map<String, String> facts;
    /** What the files of caches were before the first step, by job; a restart of the controller forgets it. */
    private final Map<String, List<String>> contents = new ConcurrentHashMap<>();

    /**
     * @param number of the run in its build
     * @param facts of the plan
     */
    PlaceWorkAdapter(Run<?, ?> run, int number, Map<String, String> facts) {
        this.run = run;
        this.number = number;
        this.facts = facts;
    }

    /**
     * What a workspace has to get.
     *
     * @param own the build's own place, where the job has another one; null where it has that one
     * @param bring the jobs whose artifacts it gets
     */
    record Needed(@CheckForNull BuildContext own, List<PlannedJob> bring) {}

    /** The folder of a job among the artifacts of a build. */
    static String artifacts(int number, PlannedJob job) {
        return (number == 1 ? "workflow/" : "workflow-" + number + "/") + Artifacts.folder(job.id());
    }

    static VirtualFile artifacts(Run<?, ?> run, int number, PlannedJob job) {
        VirtualFile root = run.getArtifactManager().root();
        for (String name : artifacts(number, job).split("/")) {
            root = root.child(name);
        }
        return root;
    }

    void prepare(PlannedJob job, Needed needed, BuildContext there, Texts texts)
            throws IOException, InterruptedException {
        if (needed.own() != null) {
            JobSources.prepare(job.sources(), needed.own(), there, JobSources.DEFAULT_BYTES);
        }
        for (PlannedJob each : needed.bring()) {
            Artifacts.restore(artifacts(run, number, each), there, each.id(), Artifacts.Limits.DEFAULT);
        }
        if (!job.caches().isEmpty()) {
            contents.put(job.id(), Caches.restore(there, scope(), resolved(job, texts)));
        }
    }

    void finish(PlannedJob job, boolean well, BuildContext there, Texts texts)
            throws IOException, InterruptedException {
        if (!job.artifacts().isEmpty()) {
            List<String> patterns = new ArrayList<>();
            for (Template each : job.artifacts()) {
                patterns.add(texts.of(each));
            }
            Artifacts.keep(there, artifacts(number, job), patterns, Artifacts.Limits.DEFAULT);
        }
        if (well && !job.caches().isEmpty()) {
            Caches.save(there, scope(), resolved(job, texts), contents.getOrDefault(job.id(), List.of()));
        }
    }

    private static List<Caches.Resolved> resolved(PlannedJob job, Texts texts) throws IOException {
        List<Caches.Resolved> all = new ArrayList<>();
        for (Cache each : job.caches()) {
            all.add(new Caches.Resolved(texts.of(each.key()), each.files(), each.paths()));
        }
        return all;
    }

    private CacheScope scope() {
        String request = facts.getOrDefault("merge_request", "");
        String branch = facts.getOrDefault("branch", "");
        String tag = facts.getOrDefault("tag", "");
        if (!request.isEmpty()) {
            return CacheScope.ofMergeRequest(request, facts.get("target"));
        }
        return !tag.isEmpty()
                ? CacheScope.ofTag(tag)
                : branch.isEmpty() ? CacheScope.ofJob() : CacheScope.ofBranch(branch);
    }

    Map<String, Object> use(
            String step, Map<String, Object> with, EnvVars environment, BuildContext there, OutputStream log)
            throws IOException, InterruptedException {
        return StepUseAdapter.use(step, PlaceWorkAdapter::isUsable, with, environment, there, AgentPlace.listener(log));
    }

    /** A workflow cannot run another one. */
    static boolean isUsable(String step) {
        return !step.equals("runWorkflow");
    }

    String version() {
        PluginWrapper plugin = Jenkins.get().getPluginManager().whichPlugin(PlaceWorkAdapter.class);
        // "1.0-SNAPSHOT (private-...)" of a build by hand.
        return plugin == null ? "0" : plugin.getVersion().replaceAll("\\s.*", "");
    }
}
