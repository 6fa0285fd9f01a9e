package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Actionable;
import hudson.model.Executor;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import jenkins.util.AtmostOneTaskExecutor;
import jenkins.util.Timer;

/** Opens what is stored about webhooks, receives calls, and schedules the jobs that they start. */
@Extension
public final class WebhookIntakeAdapter {
    private static final Logger LOGGER = Logger.getLogger(WebhookIntakeAdapter.class.getName());
    /** How many builds of a job are searched for running ones, and for those of starts from before a restart. */
    private static final int RECENT_BUILDS = 100;

    private static final long WRITE_DELAY_MILLIS = 500;

    /** Everything that needs the files in {@code JENKINS_HOME/mini-build/webhook}. */
    record Opened(EndpointStore endpoints, DeliveryLog log, Intake intake, StartQueue starts) {}

    /** Uses the files. */
    interface Use {
        void use(Opened opened) throws IOException;
    }

    private volatile Opened opened;
    private boolean loaded;
    private final AtmostOneTaskExecutor<Void> starter = new AtmostOneTaskExecutor<>(() -> {
        opened().starts().run();
        return null;
    });

    static WebhookIntakeAdapter get() {
        return ExtensionList.lookupSingleton(WebhookIntakeAdapter.class);
    }

    /** Opens the files before the first call can come. If that fails, Jenkins starts all the same. */
    @Initializer(after = InitMilestone.EXTENSIONS_AUGMENTED, before = InitMilestone.JOB_LOADED)
    public static void open() {
        use("The files of the webhooks cannot be opened; calls are refused until they can", opened -> {});
    }

    /** Uses the files; an {@link IOException} is a warning in Jenkins' log, with the message. */
    static void use(String failure, Use use) {
        try {
            use.use(get().opened());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, failure, e);
        }
    }

    /**
     * Opens the files if they are not open: what prevented it before may be mended.
     *
     * @throws IOException when they cannot be opened; the message is fit for an administrator
     */
    Opened opened() throws IOException {
        Opened known = opened;
        return known == null ? openNow() : known;
    }

    private synchronized Opened openNow() throws IOException {
        if (opened == null) {
            Path folder =
                    Jenkins.get().getRootDir().toPath().resolve("mini-build").resolve("webhook");
            try {
                EndpointStore endpoints =
                        new EndpointStore(folder.resolve("endpoints.json"), new SecureRandom(), Clock.systemUTC());
                DeliveryLog log = new DeliveryLog(
                        folder, task -> Timer.get().schedule(task, WRITE_DELAY_MILLIS, TimeUnit.MILLISECONDS));
                Intake intake =
                        new Intake(new WebhookTargetsAdapter(), new RightsAdapter(), endpoints, log, Clock.systemUTC());
                opened = new Opened(endpoints, log, intake, new StartQueue(log, this::schedule));
            } catch (IOException e) {
                throw new IOException(Messages.WebhookIntakeAdapter_closed(folder, e), e);
            }
            if (loaded) {
                recover();
            }
        }
        return opened;
    }

    /** Receives a call and schedules the jobs that it starts. */
    static Answer receive(Opened opened, Call call) throws RefusedException {
        return start(opened, opened.intake().receive(call));
    }

    /** Repeats a delivery, for a person who has the permission. */
    static void again(Opened opened, Target target, Delivery delivery) {
        try {
            start(opened, opened.intake().again(target, delivery, "again " + UUID.randomUUID()));
        } catch (RefusedException e) {
            // The record of the delivery says so.
            LOGGER.log(Level.FINE, "A repeated delivery was refused", e);
        }
    }

    private static Answer start(Opened opened, Intake.Received received) {
        List<CompletableFuture<String>> urls =
                received.starts().stream().map(opened.starts()::add).toList();
        if (!urls.isEmpty()) {
            addWaits(received);
            get().starter.submit();
            StartQueue.addUrls(received.answer(), urls);
        }
        return received.answer();
    }

    /** Says of each start that has to wait for room in a pool that it has to. */
    private static void addWaits(Intake.Received received) {
        for (int i = 0; i < received.starts().size(); i++) {
            Job<?, ?> job = WebhookTargetsAdapter.job(received.starts().get(i).job());
            String pool = job == null ? null : SlotProviderAdapter.fullPoolOf(job);
            if (pool != null) {
                ((ObjectNode) received.answer().body().path("builds").path(i))
                        .put("waits", Messages.WebhookQueueAdapter_full(pool));
            }
        }
    }

    private String schedule(Start start, List<Long> merged) {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = WebhookTargetsAdapter.job(start.job());
            Queue.Item item = job == null || !job.isBuildable() ? null : schedule(job, start, merged);
            if (item == null) {
                if (!Jenkins.get().isTerminating()) {
                    LOGGER.log(Level.FINE, "Jenkins did not take {0} into its queue", start.job());
                    use("The start was not ended", files -> files.log().done(start.id(), Reason.CANCELLED, ""));
                }
                return "";
            }
            String root = Jenkins.get().getRootUrl();
            return (root == null ? "" : root) + item.getUrl();
        }
    }

    @CheckForNull
    private static Queue.Item schedule(Job<?, ?> job, Start start, List<Long> merged) {
        WebhookCause cause = new WebhookCause(start.delivery());
        if (start.settings().cancelSuperseded()) {
            cancelOlder(job, start, cause);
        }
        Integer quiet = start.settings().quietPeriod();
        return ParameterizedJobMixIn.scheduleBuild2(
                job,
                quiet == null ? -1 : quiet,
                new WebhookCauseAction(cause),
                new WebhookStartAction(start, cause, merged));
    }

    private static void cancelOlder(Job<?, ?> job, Start start, WebhookCause cause) {
        recentBuilds(job).forEach(run -> {
            WebhookStartAction action = run.getAction(WebhookStartAction.class);
            Executor executor = run.isBuilding() ? run.getExecutor() : null;
            if (action != null && !action.isOf(start) && action.cause().equals(cause) && executor != null) {
                String newer = cause.getShortDescription() + " ("
                        + start.delivery().event().key() + ")";
                executor.interrupt(Result.ABORTED, new SupersededCause(newer));
            }
        });
    }

    private static Stream<Run<?, ?>> recentBuilds(Job<?, ?> job) {
        return Stream.<Run<?, ?>>iterate(job.getLastBuild(), Objects::nonNull, Run::getPreviousBuild)
                .limit(RECENT_BUILDS);
    }

    /** Jenkins has loaded its jobs and its queue. */
    synchronized void loaded() {
        loaded = true;
        if (opened != null) {
            recover();
        }
    }

    /** Makes the starts happen that an earlier run of Jenkins stored, except those that are in the queue or became builds. */
    private void recover() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            for (Start start : opened.log().leftOver()) {
                Job<?, ?> job = WebhookTargetsAdapter.job(start.job());
                Optional<Run<?, ?>> built = job == null
                        ? Optional.empty()
                        : recentBuilds(job).filter(run -> isOf(start, run)).findFirst();
                if (built.isPresent()) {
                    opened.log().done(start.id(), Reason.QUEUED, built.get().getUrl());
                } else if (Stream.of(Jenkins.get().getQueue().getItems()).noneMatch(item -> isOf(start, item))) {
                    opened.starts().add(start);
                }
            }
        }
        starter.submit();
    }

    private static boolean isOf(Start start, Actionable buildOrItem) {
        WebhookStartAction action = buildOrItem.getAction(WebhookStartAction.class);
        return action != null && action.isOf(start);
    }
}
