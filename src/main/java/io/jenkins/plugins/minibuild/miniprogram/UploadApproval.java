package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.Policies;
import io.jenkins.plugins.minibuild.access.Policy;
import io.jenkins.plugins.minibuild.access.ReviewLedger;
import io.jenkins.plugins.minibuild.access.UploadGate;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.LocalGit;
import io.jenkins.plugins.minibuild.miniprogram.profile.KnownApp;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the uploads that a policy lets go only with an approval of the very commit. A mini program is known by every name that it has, and a commit by every
 * branch that anything says it is of: a gate that fits one of them holds.
 */
final class UploadApproval {
    private UploadApproval() {}

    /**
     * Call it when the code is checked out, before anything of it runs.
     *
     * @param commit that is checked out; null if it is not known
     * @throws AbortException naming the policy, when it asks for an approval that is not there
     */
    static void check(BuildContext context, TaskParameters parameters, @CheckForNull CommitInfo commit)
            throws IOException, InterruptedException {
        Optional<UploadGate> gate = gate(context, parameters, commit);
        if (gate.isEmpty()) {
            return;
        }
        if (commit == null) {
            throw gate.get().refusal(Messages.UploadApproval_noCommit());
        }
        int approvals = new ReviewLedger(context.record().jobFolder()).approvals(commit.commit());
        if (approvals == 0) {
            throw gate.get().refusal(commit.commit());
        }
        Policies.of(context).review().minApprovals().atLeast(approvals, 1);
        if (!LocalGit.around(
                        context, context.workspace().child(parameters.program().projectPath()))
                .isClean()) {
            throw gate.get().refusal(Messages.UploadApproval_changed(commit.commit()));
        }
        context.listener().getLogger().println(Messages.UploadApproval_approved(commit.commit()));
    }

    private static Optional<UploadGate> gate(
            BuildContext context, TaskParameters parameters, @CheckForNull CommitInfo commit)
            throws IOException, InterruptedException {
        Policy policy = Policies.of(context);
        if (policy.uploadGates().isEmpty()) {
            return Optional.empty();
        }
        Set<String> branches = branches(context, parameters, commit);
        for (String name : names(context, parameters)) {
            for (String branch : branches) {
                Optional<UploadGate> gate = policy.uploadGate(name, branch);
                if (gate.isPresent()) {
                    return gate;
                }
            }
            if (branches.isEmpty() && policy.uploadGate(name, null).isPresent()) {
                return policy.uploadGate(name, null);
            }
        }
        return Optional.empty();
    }

    private static Set<String> names(BuildContext context, TaskParameters parameters) {
        Set<String> names = new LinkedHashSet<>();
        names.add(parameters.title());
        context.settings().all(KnownApp.class).stream()
                .filter(each -> each.appId().equals(parameters.program().appId()))
                .forEach(each -> names.add(each.name()));
        return names;
    }

    private static Set<String> branches(
            BuildContext context, TaskParameters parameters, @CheckForNull CommitInfo commit)
            throws IOException, InterruptedException {
        Set<String> branches = new LinkedHashSet<>();
        if (commit != null) {
            branches.add(commit.branch());
        }
        branches.add(parameters.source().branchBefore(context.environment()));
        branches.add(context.record().facts().get(Fact.BRANCH));
        LocalGit.in(context, context.workspace()).branch().ifPresent(branches::add);
        branches.removeIf(each -> each == null || each.isBlank());
        return branches;
    }
}
