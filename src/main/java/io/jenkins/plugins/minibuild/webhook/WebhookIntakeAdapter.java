package io.jenkins.plugins.minibuild.webhook;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import io.jenkins.plugins.minibuild.step.AutoBuildFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The intake of this controller: knows the jobs, and starts them on a thread of its own. */
@Extension
public final class WebhookIntakeAdapter implements Targets {
    static final String JOB = "job:";
    static final String PROFILE = "profile:";

    private static final Logger LOGGER = Logger.getLogger(WebhookIntakeAdapter.class.getName());
    /** How many builds of a job are looked at for those that run, or that a promise was kept with. */
    private static final int RECENT_BUILDS = 100;

    private static final int AT_ONCE = 1_000;
    /** With more starts waiting than this, answers go without the address in the queue. */
    private static final int PROMPT = 3;
    /** How much later deliveries are written. */
    private static final long WRITE_DELAY_MILLIS = 500;
    /**
     * Where more came while some were started: those that come meanwhile are mostly about the same, and every start makes Jenkins look
     * through its whole queue.
     */
    private static final long PAUSE_MILLIS = 200;

    private record Waiting(Start start, CompletableFuture<String> url) {}

    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger unstarted = new AtomicInteger();
    private final EndpointStore endpoints;
    private final DeliveryStore deliveries;
    private final IntakeLog log;
    private final Intake intake;

    /** Opens what is stored. */
    public WebhookIntakeAdapter() {
        Path folder = Jenkins.get().getRootDir().toPath().resolve("mini-build").resolve("webhook");
        ExecutorService writer = Executors.newSingleThreadExecutor(task -> daemon(task, "deliveries"));
        try {
            endpoints = new EndpointStore(folder.resolve("endpoints.json"), new SecureRandom(), Clock.systemUTC());
            deliveries = new DeliveryStore(
                    folder.resolve("deliveries"),
                    CompletableFuture.delayedExecutor(WRITE_DELAY_MILLIS, TimeUnit.MILLISECONDS, writer));
            log = new IntakeLog(folder.resolve("intake.log"));
        } catch (IOException e) {
            throw new UncheckedIOException("The webhooks' files in " + folder + " cannot be opened", e);
        }
        intake = new Intake(this, endpoints, deliveries, log, Clock.systemUTC());
        daemon(this::startForEver, "starts").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "Mini Build webhook " + name);
        thread.setDaemon(true);
        return thread;
    }

    static WebhookIntakeAdapter get() {
        return ExtensionList.lookupSingleton(WebhookIntakeAdapter.class);
    }

    Intake intake() {
        return intake;
    }

    EndpointStore endpoints() {
        return endpoints;
    }

    DeliveryStore deliveries() {
        return deliveries;
    }

    @Override
    public Rules rules() {
        return WebhookConfiguration.get().rules();
    }

    @Override
    public Optional<Target> of(String owner) {
        if (owner.startsWith(PROFILE)) {
            return profiles().stream()
                    .filter(each -> owner.equals(PROFILE + each.name()))
                    .findFirst()
                    .map(WebhookIntakeAdapter::target);
        }
        Job<?, ?> job = job(owner.substring(JOB.length()));
        if (job == null) {
            return Optional.empty();
        }
        Optional<AutoBuild> own = profiles().stream()
                .filter(each -> each.isJobsOwn() && job.getFullName().equals(each.job()))
                .findFirst();
        boolean triggered = ParameterizedJobMixIn.getTrigger(job, WebhookTrigger.class) != null;
        return Optional.of(own.isPresent() && !triggered ? target(own.get()) : target(job));
    }

    @Override
    public List<Target> about(Delivery delivery) {
        List<RepositoryUrl> addresses = new ArrayList<>();
        for (String url : delivery.urls()) {
            address(url).ifPresent(addresses::add);
        }
        List<Target> found = new ArrayList<>();
        for (WebhookTrigger trigger : WebhookTrigger.running()) {
            Job<?, ?> job = trigger.job();
            boolean same = job != null
                    && trigger.address()
                            .filter(each -> addresses.stream().anyMatch(each::sameRepository))
                            .isPresent();
            if (same && job(job.getFullName()) == job) {
                found.add(target(job));
            }
        }
        for (AutoBuild profile : profiles()) {
            boolean same = profile.repository() != null
                    && address(profile.repository())
                            .filter(each -> addresses.stream().anyMatch(each::sameRepository))
                            .isPresent();
            Target target = same ? target(profile) : null;
            // The trigger of a job says more than its profile.
            if (target != null && found.stream().noneMatch(each -> each.owner().equals(target.owner()))) {
                found.add(target);
            }
        }
        return found;
    }

    private static Optional<RepositoryUrl> address(String url) {
        try {
            return Optional.of(RepositoryUrl.parse(url));
        } catch (IllegalArgumentException e) {
            // No address that could be cloned, so nothing is about it.
            return Optional.empty();
        }
    }

    private static List<AutoBuild> profiles() {
        return ExtensionList.lookup(AutoBuildFactory.class).stream()
                .flatMap(each -> each.all().stream())
                .toList();
    }

    @CheckForNull
    private static Job<?, ?> job(String name) {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            Item item = Jenkins.get().getItemByFullName(name);
            return item instanceof Job<?, ?> job ? job : null;
        }
    }

    /** A job with its trigger, or with the standard one where it has not said yet. */
    static Target target(Job<?, ?> job) {
        WebhookTrigger trigger = ParameterizedJobMixIn.getTrigger(job, WebhookTrigger.class);
        Decision refusal = job.isBuildable() ? null : new Decision(Reason.NOT_BUILDABLE, job.getFullName());
        return trigger == null
                ? new Target(
                        JOB + job.getFullName(),
                        job.getFullName(),
                        TriggerFilter.standard(),
                        null,
                        StartSettings.STANDARD,
                        refusal)
                : new Target(
                        JOB + job.getFullName(),
                        job.getFullName(),
                        trigger.filter(),
                        secret(trigger.getSecretCredentialsId(), job),
                        trigger.settings(),
                        refusal);
    }

    static Target target(AutoBuild profile) {
        Decision refusal = null;
        Job<?, ?> job = profile.job() == null ? null : job(profile.job());
        if (!profile.on()) {
            refusal = new Decision(Reason.AUTO_BUILD_OFF, profile.name());
        } else if (job == null) {
            refusal = new Decision(Reason.NO_JOB, profile.name());
        } else if (!job.isBuildable()) {
            refusal = new Decision(Reason.NOT_BUILDABLE, job.getFullName());
        }
        return new Target(
                profile.isJobsOwn() ? JOB + profile.job() : PROFILE + profile.name(),
                job == null ? null : job.getFullName(),
                TriggerFilter.pushesTo(profile.branch()),
                null,
                new StartSettings(
                        null,
                        false,
                        profile.repository() == null ? "" : profile.repository(),
                        profile.credentialsId() == null ? "" : profile.credentialsId()),
                refusal);
    }

    @Override
    public List<ProviderSecret> secrets(Provider provider) {
        return WebhookConfiguration.get().getSecrets().stream()
                .filter(each -> each.provider() == provider)
                .map(each -> secret(each.getCredentialsId(), null))
                .toList();
    }

    /** The secret in a credential; one that proves nothing if it is not there, and null for no id. */
    @CheckForNull
    private static ProviderSecret secret(@CheckForNull String id, @CheckForNull Item item) {
        if (id == null) {
            return null;
        }
        StandardCredentials found = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItem(StandardCredentials.class, item, ACL.SYSTEM2, List.of()),
                CredentialsMatchers.withId(id));
        if (found instanceof StringCredentials text) {
            return new ProviderSecret(null, text.getSecret());
        }
        if (found instanceof StandardUsernamePasswordCredentials login) {
            return new ProviderSecret(login.getUsername(), login.getPassword());
        }
        LOGGER.log(
                Level.WARNING,
                "The webhook credential {0} is missing, or neither a secret text nor a user name with password: every call is refused",
                id);
        return new ProviderSecret(null, null);
    }

    @Override
    public CompletableFuture<String> start(Start start) {
        CompletableFuture<String> url = new CompletableFuture<>();
        if (unstarted.incrementAndGet() > PROMPT) {
            // Many at once: no answer waits for its place in the queue, as the threads that answer are few.
            url.complete("");
        }
        waiting.add(new Waiting(start, url));
        return url;
    }

    void done(Start start, Reason reason, String build) {
        intake.done(start, reason, build);
    }

    /** A build started that stands for older deliveries as well. */
    void built(String owner, List<Long> merged, String build) {
        merged.forEach(record -> deliveries.change(owner, record, each -> each.withBuild(build)));
    }

    /** Repeats a delivery for whom may. */
    Answer again(Target target, Delivery delivery) {
        return intake.again(target, delivery, "again " + UUID.randomUUID());
    }

    private void startForEver() {
        List<Waiting> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(waiting.take());
                waiting.drainTo(taken, AT_ONCE);
                startNewest(taken);
                if (!waiting.isEmpty()) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "Deliveries were not started; they are when Jenkins starts again", e);
            } finally {
                taken.forEach(each -> each.url().complete(""));
                unstarted.addAndGet(-taken.size());
                taken.clear();
            }
        }
    }

    /** Of those about the same only the newest: the older ones would be folded into it. */
    private void startNewest(List<Waiting> taken) {
        Map<String, List<Waiting>> same = new LinkedHashMap<>();
        for (Waiting each : taken) {
            Start start = each.start();
            String about =
                    start.owner() + "\n" + start.job() + "\n" + start.delivery().subjectKey();
            same.computeIfAbsent(about, key -> new ArrayList<>()).add(each);
        }
        for (List<Waiting> all : same.values()) {
            Waiting newest = all.remove(all.size() - 1);
            all.forEach(older -> done(older.start(), Reason.SUPERSEDED, ""));
            try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
                newest.url()
                        .complete(schedule(
                                newest.start(),
                                all.stream()
                                        .map(older -> older.start().record())
                                        .toList()));
            }
        }
    }

    /** @param merged the numbers of older deliveries that it stands for, too */
    private String schedule(Start start, List<Long> merged) {
        Job<?, ?> job = job(start.job());
        if (job == null || !job.isBuildable()) {
            done(start, Reason.CANCELLED, "");
            return "";
        }
        WebhookCause cause = new WebhookCause(start.delivery());
        if (start.settings().cancelSuperseded()) {
            cancelOlder(job, start, cause);
        }
        Integer quiet = start.settings().quietPeriod();
        Queue.Item item = ParameterizedJobMixIn.scheduleBuild2(
                job,
                quiet == null ? -1 : quiet,
                new WebhookCauseAction(cause),
                new WebhookStartAction(start, cause, merged));
        if (item == null) {
            if (!Jenkins.get().isTerminating()) {
                LOGGER.log(Level.FINE, "Jenkins did not take {0} into its queue", start.job());
                done(start, Reason.CANCELLED, "");
            }
            return "";
        }
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "" : root) + item.getUrl();
    }

    private static void cancelOlder(Job<?, ?> job, Start start, WebhookCause cause) {
        Run<?, ?> run = job.getLastBuild();
        for (int i = 0; run != null && i < RECENT_BUILDS; i++) {
            WebhookStartAction action = run.getAction(WebhookStartAction.class);
            if (action != null && action.id() != start.id() && action.cause().equals(cause) && run.isBuilding()) {
                hudson.model.Executor executor = run.getExecutor();
                if (executor != null) {
                    executor.interrupt(
                            Result.ABORTED,
                            new SupersededCause(cause.getShortDescription() + " ("
                                    + start.delivery().key() + ")"));
                }
            }
            run = run.getPreviousBuild();
        }
    }

    /** Starts what an earlier run of the controller promised, but what is in the queue or was built already. Called once. */
    void recover() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            for (Start start : intake.leftOver()) {
                boolean queued = false;
                for (Queue.Item item : Jenkins.get().getQueue().getItems()) {
                    WebhookStartAction action = item.getAction(WebhookStartAction.class);
                    queued |= action != null && action.id() == start.id();
                }
                Job<?, ?> job = job(start.job());
                Run<?, ?> built = job == null ? null : built(job, start);
                if (built != null) {
                    done(start, Reason.QUEUED, built.getUrl());
                } else if (!queued) {
                    start(start);
                }
            }
        }
    }

    @CheckForNull
    private static Run<?, ?> built(Job<?, ?> job, Start start) {
        Run<?, ?> run = job.getLastBuild();
        for (int i = 0; run != null && i < RECENT_BUILDS; i++) {
            WebhookStartAction action = run.getAction(WebhookStartAction.class);
            if (action != null && action.id() == start.id()) {
                return run;
            }
            run = run.getPreviousBuild();
        }
        return null;
    }

    /** Writes what is not written yet. */
    void beforeShutdown() {
        deliveries.flush();
        try {
            log.flush();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The log of the webhooks was not written to its end", e);
        }
    }

    void renamed(String from, String to) {
        try {
            endpoints.rename(JOB + from, JOB + to);
            deliveries.rename(JOB + from, JOB + to);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The endpoint of " + from + " was not renamed to " + to, e);
        }
    }

    void deleted(String name) {
        try {
            endpoints.remove(JOB + name);
            deliveries.remove(JOB + name);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The endpoint of " + name + " was not removed", e);
        }
    }
}
