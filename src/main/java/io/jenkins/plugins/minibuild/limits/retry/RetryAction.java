package io.jenkins.plugins.minibuild.limits.retry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.RetryCause;
import io.jenkins.plugins.minibuild.step.RetryFailedJobsAction;
import io.jenkins.plugins.minibuild.step.SourceCause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The link "Retry" of a build that did not succeed: starts the job again with the same parameters, the same commit and the facts of the webhook that started
 * it.
 */
public final class RetryAction implements Action {
    /** One click at a time: the count is read, checked and written, and the queue is looked into. */
    private static final Object CLICK = new Object();

    /** A retry that runs is looked for among so many builds. */
    private static final int RECENT_BUILDS = 50;

    private final Run<?, ?> run;

    RetryAction(Run<?, ?> run) {
        this.run = run;
    }

    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return refusal() == null && run.getParent().hasPermission(Item.BUILD) ? "symbol-reload" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.RetryAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "mini-build-retry";
    }

    private RetryChain chain() {
        Job<?, ?> job = run.getParent();
        return RetryChain.of(run.getNumber(), number -> {
            Run<?, ?> build = job.getBuildByNumber(number);
            return build == null ? null : link(build);
        });
    }

    private static RetryChain.Link link(Run<?, ?> build) {
        RetriesAction counted = build.getAction(RetriesAction.class);
        RetryCause cause = build.getCause(RetryCause.class);
        int count = counted == null ? 0 : counted.count();
        return cause == null
                ? new RetryChain.Link(0, 0, 0, count)
                : new RetryChain.Link(cause.getAttempt(), cause.getNumber(), cause.getFirst(), count);
    }

    /** The number of the next retry of the original build, from 1. */
    public int getAttempt() {
        return chain().next();
    }

    /** The most retries of an original build, for the page. */
    public int getMost() {
        return RetryChain.MOST;
    }

    /** The reason why the build cannot be retried; null if it can. */
    @CheckForNull
    String refusal() {
        Result result = run.getResult();
        if (run.isBuilding() || result == null) {
            return Messages.RetryAction_running();
        }
        if (!result.isWorseThan(Result.SUCCESS)) {
            return Messages.RetryAction_succeeded();
        }
        RetryChain chain = chain();
        if (chain.isUsedUp()) {
            return Messages.RetryAction_exhausted(RetryChain.MOST, String.valueOf(chain.original()));
        }
        Cause.UserIdCause starter = run.getCause(Cause.UserIdCause.class);
        ParametersAction parameters = run.getAction(ParametersAction.class);
        List<String> secrets = parameters == null
                ? List.of()
                : secretsOfOthers(
                        parameters.getParameters(),
                        starter == null ? null : starter.getUserId(),
                        Jenkins.getAuthentication2().getName());
        return secrets.isEmpty() ? null : Messages.RetryAction_secrets(String.join(", ", secrets));
    }

    /**
     * The names of secret parameters that a user has not given, who must not have them used.
     *
     * @param starter who started the build; null if that was nobody
     */
    static List<String> secretsOfOthers(List<ParameterValue> values, @CheckForNull String starter, String user) {
        return user.equals(starter)
                ? List.of()
                : values.stream()
                        .filter(ParameterValue::isSensitive)
                        .map(ParameterValue::getName)
                        .toList();
    }

    /** Queues the retry. */
    @RequirePOST
    public HttpResponse doRetry() {
        run.getParent().checkPermission(Item.BUILD);
        return retry(List.of());
    }

    /** Queues a retry whose workflows take over the jobs that ended well in this build. */
    @RequirePOST
    public HttpResponse doFailedJobs() {
        run.getParent().checkPermission(Item.BUILD);
        return retry(List.of(new RetryFailedJobsAction()));
    }

    private HttpResponse retry(List<Action> more) {
        String refusal = refusal();
        if (refusal != null) {
            throw new Failure(refusal);
        }
        List<Action> actions = kept();
        actions.addAll(more);
        synchronized (CLICK) {
            if (!isUnderWay()) {
                start(actions);
            }
        }
        // A second click leads to the retry that the first one started.
        return HttpResponses.redirectTo("../..");
    }

    /** What the retry takes over from this build, but for its causes. */
    private List<Action> kept() {
        List<Action> actions = new ArrayList<>();
        actions.add(new RetryItemAction());
        ParametersAction parameters = run.getAction(ParametersAction.class);
        if (parameters != null) {
            actions.add(parameters);
        }
        if (isSameCommit()) {
            ExtensionList.lookup(RetryActionsFactory.class).forEach(each -> actions.addAll(each.actionsFor(run)));
        }
        return actions;
    }

    /** Whether the retry takes the commit and the script of this build, for the page; else the newest ones. */
    public boolean isSameCommit() {
        return ExtensionList.lookup(RetryActionsFactory.class).stream().allMatch(each -> each.mayRepeat(run));
    }

    /** Whether a retry of the same original build waits in the queue or runs. */
    private boolean isUnderWay() {
        int original = chain().original();
        Job<?, ?> job = run.getParent();
        boolean waits = Stream.of(Jenkins.get().getQueue().getItems())
                .filter(item ->
                        item.task instanceof Item task && task.getFullName().equals(job.getFullName()))
                .map(item -> item.getAction(CauseAction.class))
                .anyMatch(action -> action != null && isRetryOf(original, action.findCause(RetryCause.class)));
        return waits
                || isStarting(job.getBuildByNumber(original))
                || Stream.<Run<?, ?>>iterate(job.getLastBuild(), Objects::nonNull, Run::getPreviousBuild)
                        .limit(RECENT_BUILDS)
                        .anyMatch(build -> build.isBuilding() && isRetryOf(original, build.getCause(RetryCause.class)));
    }

    /** Whether the last retry has just left the queue and is no build yet. */
    private static boolean isStarting(@CheckForNull Run<?, ?> original) {
        RetriesAction counted = original == null ? null : original.getAction(RetriesAction.class);
        return counted != null
                && Jenkins.get().getQueue().getItem(counted.item()) instanceof Queue.LeftItem left
                && !left.isCancelled()
                && left.getExecutable() == null;
    }

    private static boolean isRetryOf(int original, @CheckForNull RetryCause cause) {
        return cause != null && (cause.getFirst() == original || cause.getNumber() == original);
    }

    private void start(List<Action> kept) {
        RetryChain chain = chain();
        if (chain.isUsedUp()) {
            throw new Failure(Messages.RetryAction_exhausted(RetryChain.MOST, String.valueOf(chain.original())));
        }
        Job<?, ?> job = run.getParent();
        Run<?, ?> original = job.getBuildByNumber(chain.original());
        if (original == null) {
            throw new Failure(Messages.RetryAction_deleted());
        }
        List<Cause> causes = new ArrayList<>();
        causes.add(new RetryCause(
                new RetryCause.Retried(job.getFullName(), run.getNumber(), run.getUrl(), chain.original()),
                chain.next()));
        causes.add(new Cause.UserIdCause());
        // The commit and the variables of the delivery that started it.
        run.getCauses().stream().filter(SourceCause.class::isInstance).forEach(causes::add);
        List<Action> actions = new ArrayList<>(kept);
        actions.add(new CauseAction(causes.toArray(Cause[]::new)));
        RetriesAction counted = count(original, chain.next());
        Queue.Item item = ParameterizedJobMixIn.scheduleBuild2(job, 0, actions.toArray(Action[]::new));
        if (item == null) {
            count(original, chain.used());
            throw new Failure(Messages.RetryAction_refused());
        }
        counted.queued(item.getId());
    }

    /** Stores the count before the retry starts: after a crash it is too high rather than too low. */
    private static RetriesAction count(Run<?, ?> original, int retries) {
        RetriesAction counted = new RetriesAction(retries);
        original.addOrReplaceAction(counted);
        try {
            original.save();
            return counted;
        } catch (IOException e) {
            throw new Failure(Messages.RetryAction_notStored(String.valueOf(e.getMessage())));
        }
    }
}
