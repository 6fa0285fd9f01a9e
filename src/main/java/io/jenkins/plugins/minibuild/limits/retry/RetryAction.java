package io.jenkins.plugins.minibuild.limits.retry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.RetryCause;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The link "Retry" of a build that did not succeed: starts the job again with the same parameters and the same commit. */
public final class RetryAction implements Action {
    /** The most retries in one chain. */
    static final int MOST = 3;

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

    /** The number of the next retry in its chain, from 1. */
    public int getAttempt() {
        RetryCause cause = run.getCause(RetryCause.class);
        return cause == null ? 1 : cause.getAttempt() + 1;
    }

    /** The most retries in one chain, for the page. */
    public int getMost() {
        return MOST;
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
        if (getAttempt() > MOST) {
            return Messages.RetryAction_exhausted(MOST);
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
        String refusal = refusal();
        if (refusal != null) {
            throw new Failure(refusal);
        }
        List<Action> actions = new ArrayList<>();
        actions.add(new CauseAction(
                new RetryCause(run.getParent().getFullName(), run.getNumber(), run.getUrl(), getAttempt()),
                new Cause.UserIdCause()));
        ParametersAction parameters = run.getAction(ParametersAction.class);
        if (parameters != null) {
            actions.add(parameters);
        }
        ExtensionList.lookup(RetryActionsFactory.class).forEach(each -> actions.addAll(each.actionsFor(run)));
        if (ParameterizedJobMixIn.scheduleBuild2(run.getParent(), 0, actions.toArray(Action[]::new)) == null) {
            throw new Failure(Messages.RetryAction_refused());
        }
        return HttpResponses.redirectTo("../..");
    }
}
