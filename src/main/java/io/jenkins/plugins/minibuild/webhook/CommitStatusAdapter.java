package io.jenkins.plugins.minibuild.webhook;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.ForgeAccess;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.forge.CommitStatus;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.ServicesAdapter;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Shows the state of builds at their commits, on a thread of its own. An error there never fails the build. The address of the service comes from the
 * configuration, never from the delivery, so that no sender gets the token.
 */
@Extension
public final class CommitStatusAdapter {
    private static final Logger LOGGER = Logger.getLogger(CommitStatusAdapter.class.getName());
    private static final int MOST_WAITING = 500;

    /** One thread keeps the order of a build's states. */
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "Mini Build webhook states");
                thread.setDaemon(true);
                return thread;
            });

    static CommitStatusAdapter get() {
        return ExtensionList.lookupSingleton(CommitStatusAdapter.class);
    }

    /** Sends the state of a build, later. */
    void send(Run<?, ?> run, WebhookStartAction action) {
        Delivery delivery = action.cause().delivery();
        if (action.statusCredentialsId().isEmpty()
                || action.repository().isEmpty()
                || delivery == null
                || delivery.change().commit().isEmpty()) {
            return;
        }
        String commit = commit(run, delivery);
        if (commit.isEmpty()) {
            return;
        }
        CommitStatus status = status(run, commit, otherCommit(run, action.repository(), commit));
        try {
            executor.execute(() -> send(run, action, status));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.WARNING, "Too many states of commits wait; that of {0} is not shown", run);
        }
    }

    /** The commit whose state is shown; empty as long as only the tag's own id is known. */
    private static String commit(Run<?, ?> run, Delivery delivery) {
        String named = delivery.change().commit();
        String peeled = BuildFactsAction.of(run, GitCheckout.peeled(named));
        if (peeled != null) {
            return peeled;
        }
        return delivery.commitIsPeeled() ? named : "";
    }

    /** The commit of the same repository that the build has checked out in place of the delivery's; null for none. */
    @CheckForNull
    static String otherCommit(Run<?, ?> run, String repository, String commit) {
        try {
            String built = BuildFactsAction.of(run, GitCheckout.built(RepositoryUrl.parse(repository)));
            List<String> all = built == null ? List.of() : List.of(built.split(" "));
            return all.isEmpty() || all.contains(commit) ? null : all.get(all.size() - 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** @param other what was built in place of the commit; null if the commit was */
    static CommitStatus status(Run<?, ?> run, String commit, @CheckForNull String other) {
        Result result = run.isBuilding() ? null : run.getResult();
        CommitStatus.State state;
        if (result == null) {
            state = CommitStatus.State.PENDING;
        } else if (other != null) {
            // Nothing is said of a commit that was not built.
            state = CommitStatus.State.CANCELLED;
        } else if (result == Result.SUCCESS) {
            state = CommitStatus.State.SUCCESS;
        } else {
            state = result == Result.ABORTED ? CommitStatus.State.CANCELLED : CommitStatus.State.FAILURE;
        }
        String root = Jenkins.get().getRootUrl();
        return new CommitStatus(
                commit,
                state,
                "jenkins/" + run.getParent().getFullName(),
                run.getFullDisplayName()
                        + (result == null ? "" : ": " + result)
                        + (other == null ? "" : ", built " + other.substring(0, Math.min(10, other.length()))),
                (root == null ? "" : root) + run.getUrl());
    }

    private static void send(Run<?, ?> run, WebhookStartAction action, CommitStatus status) {
        try {
            RepositoryUrl address = RepositoryUrl.parse(action.repository());
            Forge forge = ForgeAccess.find(Forges.of(ServicesAdapter.of(run)), address)
                    .orElse(null);
            Secret token = token(run, action, address);
            if (forge == null || token == null) {
                LOGGER.log(
                        Level.WARNING,
                        "The state of {0} is not shown: the service is not known, or the credential {1} is missing or no token",
                        new Object[] {run, action.statusCredentialsId()});
                return;
            }
            String id = StatusReport.send(forge, address, status, token, action.statusId(), new SecureRandom());
            if (id != null && !id.equals(action.statusId())) {
                action.setStatusId(id);
                run.save();
            }
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, "The state of " + run + " is not shown: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @CheckForNull
    private static Secret token(Run<?, ?> run, WebhookStartAction action, RepositoryUrl address) {
        return ForgeAccess.token(CredentialsProvider.findCredentialById(
                action.statusCredentialsId(),
                StandardCredentials.class,
                run,
                URIRequirementBuilder.fromUri(address.text()).build()));
    }
}
