package io.jenkins.plugins.minibuild.workflow;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.step.RetryCause;
import io.jenkins.plugins.minibuild.step.RetryFailedJobsAction;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.run.JobState;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.RunState;
import io.jenkins.plugins.minibuild.workflow.run.State;
import io.jenkins.plugins.minibuild.workflow.run.WorkflowRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.util.BuildListenerAdapter;
import jenkins.util.VirtualFile;

/** What a retry of failed jobs takes over from the build that it repeats: the jobs that ended well there, with their outputs and artifacts. */
final class TakeOverAdapter {
    private TakeOverAdapter() {}

    /**
     * The jobs that do not run again. Their artifacts are in the new build afterwards. Can be repeated.
     *
     * @param folder of the new build's run
     * @return by id; empty for a build that is no retry of failed jobs, or whose workflow is another one than it was
     */
    static Map<String, WorkflowRun.TakenOver> jobs(Run<?, ?> run, RunFolder folder, Plan plan, TaskListener log)
            throws IOException, InterruptedException {
        RetryCause cause = run.getCause(RetryCause.class);
        if (cause == null || run.getAction(RetryFailedJobsAction.class) == null) {
            return Map.of();
        }
        Run<?, ?> before = run.getParent().getBuildByNumber(cause.getNumber());
        RunFolder old = before == null ? null : RunFolder.of(WorkflowBuildAdapter.folder(before), folder.number());
        if (old == null || !Files.isRegularFile(old.path().resolve("plan.json"))) {
            log.getLogger().println(Messages.TakeOverAdapter_gone(cause.getNumber()));
            return Map.of();
        }
        Plan was = old.plan();
        if (!was.sha256().equals(plan.sha256())
                || !was.variables().equals(plan.variables())
                || !was.jobs().stream()
                        .map(PlannedJob::id)
                        .toList()
                        .equals(plan.jobs().stream().map(PlannedJob::id).toList())) {
            log.getLogger().println(Messages.TakeOverAdapter_other(cause.getNumber()));
            return Map.of();
        }
        RunState state = old.state(was);
        Map<String, WorkflowRun.TakenOver> taken = new LinkedHashMap<>();
        for (PlannedJob job : plan.jobs()) {
            JobState ended = state.job(job.id());
            if (job.role() == PlannedJob.Role.JOB && ended.getState() == State.SUCCEEDED) {
                copy(before, run, folder, job, log);
                taken.put(
                        job.id(),
                        new WorkflowRun.TakenOver(
                                Messages.TakeOverAdapter_taken(cause.getNumber()), ended.getOutputs()));
            }
        }
        return taken;
    }

    /** Copies artifacts by way of a folder of the controller: whatever keeps the artifacts of a build takes them from a folder. */
    private static void copy(Run<?, ?> from, Run<?, ?> to, RunFolder folder, PlannedJob job, TaskListener log)
            throws IOException, InterruptedException {
        VirtualFile root = PlaceWorkAdapter.artifacts(from, folder.number(), job);
        if (job.artifacts().isEmpty() || !root.exists()) {
            return;
        }
        Path staged = folder.path().resolve("taken-over");
        FilePath local = new FilePath(staged.toFile());
        try {
            Map<String, String> paths = new TreeMap<>();
            List<VirtualFile> open = new ArrayList<>(List.of(root));
            List<String> names = new ArrayList<>(List.of(""));
            while (!open.isEmpty()) {
                VirtualFile each = open.remove(open.size() - 1);
                String name = names.remove(names.size() - 1);
                if (each.isDirectory()) {
                    for (VirtualFile child : each.list()) {
                        open.add(child);
                        names.add(name.isEmpty() ? child.getName() : name + "/" + child.getName());
                    }
                } else if (each.isFile()) {
                    FilePath target = local.child(name);
                    target.getParent().mkdirs();
                    target.copyFrom(each.open());
                    int mode = each.mode();
                    if (mode >= 0) {
                        target.chmod(mode & 0777);
                    }
                    paths.put(PlaceWorkAdapter.artifacts(folder.number(), job) + "/" + name, name);
                }
            }
            if (!paths.isEmpty()) {
                to.pickArtifactManager()
                        .archive(local, new Launcher.LocalLauncher(log), new BuildListenerAdapter(log), paths);
            }
        } finally {
            local.deleteRecursive();
        }
    }
}
