package io.jenkins.plugins.minibuild.limits.retry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.RetryCause;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** "Retry" on a build that did not succeed: the same job with the same parameters and commit. */
public final class RetryAction implements Action {
    /** How many retries one chain can have. */
    static final int MOST = 3;

    private static final Logger LOGGER = Logger.getLogger(RetryAction.class.getName());

    /** Actions that carry the commit of a multibranch or folder job; by name, because their plugin need not be there. */
    private static final Set<String> COPIED = Set.of("jenkins.scm.api.SCMRevisionAction");

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

    /** Which retry of its chain the next one is, from 1. */
    public int getAttempt() {
        RetryCause cause = run.getCause(RetryCause.class);
        return cause == null ? 1 : cause.getAttempt() + 1;
    }

    /** How many there can be. */
    public int getMost() {
        return MOST;
    }

    /** Why it cannot be retried; null if it can. */
    @CheckForNull
    String refusal() {
        Result result = run.getResult();
        if (run.isBuilding() || result == null) {
            return Messages.RetryAction_running();
        }
        if (!result.isWorseThan(Result.SUCCESS)) {
            return Messages.RetryAction_succeeded();
        }
        return getAttempt() > MOST ? Messages.RetryAction_exhausted(MOST) : null;
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
        for (Action action : run.getAllActions()) {
            if (COPIED.contains(action.getClass().getName())) {
                actions.add(action);
            }
        }
        for (Action pinned : new Action[] {gitRevision(), pipelineScript()}) {
            if (pinned != null) {
                actions.add(pinned);
            }
        }
        if (ParameterizedJobMixIn.scheduleBuild2(run.getParent(), 0, actions.toArray(Action[]::new)) == null) {
            throw new Failure(Messages.RetryAction_refused());
        }
        return HttpResponses.redirectTo("../..");
    }

    /**
     * What makes Jenkins' git plugin check out the same commit, if the build checked out one repository with it. Found
     * by name: that plugin need not be there, and this is all that is needed of it.
     */
    @CheckForNull
    private Action gitRevision() {
        List<? extends Action> built = run.getAllActions().stream()
                .filter(a -> a.getClass().getName().equals("hudson.plugins.git.util.BuildData"))
                .toList();
        if (built.size() != 1) {
            return null;
        }
        try {
            Object data = built.get(0);
            Object revision = data.getClass().getMethod("getLastBuiltRevision").invoke(data);
            if (revision == null) {
                return null;
            }
            Object commit = revision.getClass().getMethod("getSha1String").invoke(revision);
            return (Action) Class.forName(
                            "hudson.plugins.git.RevisionParameterAction",
                            true,
                            Jenkins.get().getPluginManager().uberClassLoader)
                    .getConstructor(String.class)
                    .newInstance(commit);
        } catch (ReflectiveOperationException e) {
            LOGGER.log(Level.WARNING, "The commit of " + run + " cannot be handed to the git plugin", e);
            return null;
        }
    }

    /**
     * What makes Jenkins' Pipeline plugin run the same Jenkinsfile, if the build took it from a repository: it would take the
     * newest one otherwise. It is what its own "Replay" attaches. Found by name, as that plugin need not be there.
     */
    @CheckForNull
    private Action pipelineScript() {
        Action replay = run.getAllActions().stream()
                .filter(a -> a.getClass().getName().equals("org.jenkinsci.plugins.workflow.cps.replay.ReplayAction"))
                .findFirst()
                .orElse(null);
        if (replay == null) {
            return null;
        }
        try {
            Object definition =
                    run.getParent().getClass().getMethod("getDefinition").invoke(run.getParent());
            Object execution =
                    replay.getClass().getMethod("getExecutionBlocking").invoke(replay);
            // Where the job itself has the script, it is the job's as it is now.
            boolean ownScript = definition == null
                    || definition.getClass().getName().equals("org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition");
            if (ownScript || execution == null) {
                return null;
            }
            Class<?> type = Class.forName(
                    "org.jenkinsci.plugins.workflow.cps.replay.ReplayFlowFactoryAction",
                    true,
                    replay.getClass().getClassLoader());
            Constructor<?> constructor = type.getDeclaredConstructor(String.class, Map.class, boolean.class);
            constructor.setAccessible(true);
            return (Action) constructor.newInstance(
                    replay.getClass().getMethod("getOriginalScript").invoke(replay),
                    replay.getClass().getMethod("getOriginalLoadedScripts").invoke(replay),
                    execution.getClass().getMethod("isSandbox").invoke(execution));
        } catch (ReflectiveOperationException e) {
            LOGGER.log(Level.WARNING, "The Jenkinsfile of " + run + " cannot be used again", e);
            return null;
        }
    }
}
