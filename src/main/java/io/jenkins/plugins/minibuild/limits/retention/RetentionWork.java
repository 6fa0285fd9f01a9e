package io.jenkins.plugins.minibuild.limits.retention;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.ByteCount;
import io.jenkins.plugins.minibuild.files.FileTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import jenkins.model.StandardArtifactManager;

/** Deletes old files of builds and large caches once a day. Jenkins' log of this task lists each deletion. */
@Extension
public final class RetentionWork extends AsyncPeriodicWork {
    public RetentionWork() {
        super("Mini Build retention");
    }

    public static RetentionWork get() {
        return ExtensionList.lookupSingleton(RetentionWork.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return DAY;
    }

    @Override
    protected void execute(TaskListener listener) throws IOException, InterruptedException {
        long bytes = 0;
        int entries = 0;
        Set<Path> failed = new HashSet<>();
        for (RetentionPlan.Deletion deletion : plan(listener)) {
            RetentionPlan.Candidate candidate = deletion.candidate();
            if (candidate.place() instanceof RetentionPlan.InBuild file && failed.contains(file.build())) {
                // It says that there are artifacts, which are tried again tomorrow.
                continue;
            }
            try {
                if (delete(candidate)) {
                    bytes += candidate.bytes();
                    entries++;
                    listener.getLogger()
                            .println(Messages.RetentionWork_deleted(
                                    candidate.place().path(), ByteCount.text(candidate.bytes()), deletion.reason()));
                }
            } catch (IOException e) {
                listener.error(Messages.RetentionWork_failed(candidate.place().path(), e));
                if (candidate.place() instanceof RetentionPlan.Artifacts all) {
                    failed.add(all.folder());
                }
            }
        }
        listener.getLogger()
                .println(
                        entries == 0
                                ? Messages.RetentionWork_nothing()
                                : Messages.RetentionWork_sum(entries, ByteCount.text(bytes)));
    }

    /** The deletions that are due now. */
    public List<RetentionPlan.Deletion> plan(TaskListener listener) throws IOException, InterruptedException {
        RetentionSettings settings = ExtensionList.lookupSingleton(RetentionSettings.class);
        List<RetentionPlan.Candidate> candidates = new ArrayList<>();
        for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
            collect(job, candidates, settings.getOutputDays(), listener);
        }
        for (Computer computer : Jenkins.get().getComputers()) {
            collect(computer, candidates, listener);
        }
        return new RetentionPlan(settings.getOutputDays(), settings.getPreviewDays(), settings.getCacheGigabytes())
                .of(candidates, System.currentTimeMillis());
    }

    private static void collect(
            Job<?, ?> job, List<RetentionPlan.Candidate> candidates, int outputDays, TaskListener listener)
            throws IOException {
        ArtifactRetentionProperty property = job.getProperty(ArtifactRetentionProperty.class);
        RetentionPlan.JobRule rule = property == null
                ? null
                : new RetentionPlan.JobRule(
                        job.getFullName(), property.getArtifactDays(), property.getArtifactGigabytes());
        // A job can have thousands of builds: only those with files of the plugin are loaded.
        File[] folders = job.getBuildDir().listFiles(f -> f.getName().matches("[1-9][0-9]{0,8}"));
        for (File folder : folders == null ? new File[0] : folders) {
            Map<String, RetentionPlan.Kind> kept = StoredFiles.ofBuild(folder.toPath());
            if (kept.isEmpty() && rule == null) {
                continue;
            }
            Run<?, ?> run = job.getBuildByNumber(Integer.parseInt(folder.getName()));
            if (run == null) {
                continue;
            }
            boolean inUse = isInUse(run);
            long ended = run.getStartTimeInMillis() + run.getDuration();
            try {
                artifacts(run, rule, outputDays, listener).ifPresent(candidates::add);
            } catch (IOException | RuntimeException e) {
                // The manager of artifacts is another plugin's; what it keeps is looked at again tomorrow.
                listener.error(Messages.RetentionWork_artifacts(run.getFullDisplayName(), e));
                continue;
            }
            for (Map.Entry<String, RetentionPlan.Kind> each : kept.entrySet()) {
                candidates.add(new RetentionPlan.Candidate(
                        each.getValue(),
                        new RetentionPlan.InBuild(folder.toPath(), each.getKey()),
                        FileTree.size(folder.toPath().resolve(each.getKey())),
                        ended,
                        inUse));
            }
        }
    }

    private static boolean isInUse(Run<?, ?> run) {
        return run.isBuilding() || run.isKeepLog();
    }

    /** All artifacts of a build, where the job has a rule for them, or where another manager than Jenkins' own keeps those of the plugin. */
    private static Optional<RetentionPlan.Candidate> artifacts(
            Run<?, ?> run, @CheckForNull RetentionPlan.JobRule rule, int outputDays, TaskListener listener)
            throws IOException {
        boolean local = run.getArtifactManager() instanceof StandardArtifactManager;
        if (local && rule == null) {
            return Optional.empty();
        }
        ArtifactSurvey survey = ArtifactSurvey.of(run.getArtifactManager().root());
        long ended = run.getStartTimeInMillis() + run.getDuration();
        if (survey.files() == 0) {
            return Optional.empty();
        }
        if (rule == null && survey.kind() == null) {
            long days = TimeUnit.MILLISECONDS.toDays(System.currentTimeMillis() - ended);
            if (survey.ours() > 0 && outputDays > 0 && days > outputDays && !isInUse(run)) {
                listener.getLogger().println(Messages.RetentionWork_mixed(run.getFullDisplayName(), survey.ours()));
            }
            return Optional.empty();
        }
        return Optional.of(new RetentionPlan.Candidate(
                rule == null ? survey.kind() : RetentionPlan.Kind.ARTIFACTS,
                new RetentionPlan.Artifacts(
                        run.getExternalizableId(), run.getRootDir().toPath(), rule),
                survey.bytes(),
                ended,
                isInUse(run)));
    }

    private static void collect(Computer computer, List<RetentionPlan.Candidate> candidates, TaskListener listener)
            throws InterruptedException {
        VirtualChannel channel = computer.getChannel();
        Node node = computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        if (channel == null || root == null) {
            return;
        }
        long busy = -1;
        for (Executor executor : computer.getExecutors()) {
            if (executor.isBusy()) {
                busy = Math.max(busy, executor.getElapsedTime());
            }
        }
        try {
            candidates.addAll(new AgentCaches(computer.getName(), channel, root.getRemote())
                    .candidates(System.currentTimeMillis(), busy));
        } catch (IOException e) {
            listener.error(Messages.RetentionWork_agent(computer.getDisplayName(), e));
        }
    }

    private static boolean delete(RetentionPlan.Candidate candidate) throws IOException, InterruptedException {
        if (candidate.place() instanceof RetentionPlan.InBuild file) {
            StoredFiles.delete(file.build(), file.inside());
            return true;
        }
        if (candidate.place() instanceof RetentionPlan.Artifacts all) {
            Run<?, ?> run = Run.fromExternalizableId(all.build());
            if (run == null || isInUse(run)) {
                return false;
            }
            run.deleteArtifacts();
            return true;
        }
        RetentionPlan.OnAgent cache = (RetentionPlan.OnAgent) candidate.place();
        Computer computer = Jenkins.get().getComputer(cache.agent());
        VirtualChannel channel = computer == null ? null : computer.getChannel();
        return channel != null
                && new AgentCaches(cache.agent(), channel, cache.root()).delete(cache.folder(), cache.name());
    }
}
