package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.approval.HumanReview;
import io.jenkins.plugins.minibuild.approval.HumanReviewStore;
import io.jenkins.plugins.minibuild.checkout.ForgeAccess;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.checkout.RepositoryAddress;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.forge.Branches;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.ForgeSession;
import io.jenkins.plugins.minibuild.forge.MergeRequest;
import io.jenkins.plugins.minibuild.forge.MergeRequestDraft;
import io.jenkins.plugins.minibuild.forge.MergeRequests;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** Opens a merge request, or changes the open one of the same branches; only for the commit that people have approved, if they were asked. */
final class MergeRequestTask implements BuildTask<MergeResult> {
    private final MergeOptions options;

    MergeRequestTask(MergeOptions options) {
        this.options = options;
    }

    @Override
    public MergeResult run(BuildContext context) throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        Map<Fact, String> facts = context.record().facts();
        String url = options.repository().url();
        RepositoryUrl address =
                RepositoryAddress.of(context, url == null ? facts.get(Codegen.URL_FACT) : url, context.workspace());
        Forge forge = ForgeAccess.forge(context, address);
        if (options.repository().credentialsId() == null) {
            throw new AbortException(Messages.MergeRequestTask_noCredential());
        }
        ForgeSession session =
                ForgeAccess.session(context, address, options.repository().credentialsId());
        MergeRequests requests = forge.mergeRequests(address.owner(), address.name(), session);
        String source = branch(options.source() == null ? facts.get(Codegen.BRANCH_FACT) : options.source());
        if (source == null) {
            throw new AbortException(Messages.MergeRequestTask_noSource());
        }
        String target = branch(options.target() == null ? requests.defaultBranch() : options.target());
        if (source.equals(target)) {
            throw new AbortException(Messages.MergeRequestTask_sameBranch(source));
        }
        Optional<HumanReview> review = new HumanReviewStore(context.record().folder()).latest();
        String approved = approved(requests, source, review.orElse(null));
        MergeRequests.Saved saved = requests.save(new MergeRequestDraft(
                new Branches(source, target),
                title(facts, source, target),
                description(context, facts, review.orElse(null)),
                options.content().labels(),
                options.content().reviewers(),
                options.content().draft(),
                options.content().removeSourceBranch()));
        MergeRequest request = saved.request();
        saved.notes().forEach(log::println);
        log.println(
                saved.created()
                        ? Messages.MergeRequestTask_opened(String.valueOf(request.number()), request.url())
                        : Messages.MergeRequestTask_changed(String.valueOf(request.number()), request.url()));
        if (approved != null && request.commit() != null && !approved.equals(request.commit())) {
            throw new AbortException(
                    Messages.MergeRequestTask_movedMeanwhile(source, approved, request.commit(), request.url()));
        }
        return new MergeResult(requests.service(), address.text(), request, saved.created());
    }

    @CheckForNull
    private static String branch(@CheckForNull String name) throws AbortException {
        if (name != null && !RefName.isValid(name)) {
            throw new AbortException(Messages.MergeRequestTask_badBranch(name));
        }
        return name;
    }

    /** The commit that people approved; null if no approval is required. Fails when it is not approved, or the branch has other commits by now. */
    @CheckForNull
    private String approved(MergeRequests requests, String source, @CheckForNull HumanReview review)
            throws IOException, InterruptedException {
        boolean required = options.requireApproval() == null ? review != null : options.requireApproval();
        if (!required) {
            return null;
        }
        if (review == null) {
            throw new AbortException(Messages.MergeRequestTask_nobodyAsked());
        }
        if (review.outcome() != HumanReview.Outcome.APPROVED) {
            throw new AbortException(
                    Messages.MergeRequestTask_notApproved(review.outcome().title()));
        }
        String commit = review.change().headCommit();
        if (commit.isEmpty()) {
            throw new AbortException(Messages.MergeRequestTask_noCommit());
        }
        String now = requests.head(source);
        if (!now.equals(commit)) {
            throw new AbortException(Messages.MergeRequestTask_moved(source, commit, now));
        }
        return commit;
    }

    private String title(Map<Fact, String> facts, String source, String target) {
        if (options.content().title() != null) {
            return options.content().title();
        }
        String requirement = facts.getOrDefault(Codegen.REQUIREMENT_FACT, "")
                .replaceAll("\\s+", " ")
                .strip();
        String title = requirement.isEmpty() ? Messages.MergeRequestTask_title(source, target) : requirement;
        return title.length() > 200 ? title.substring(0, 200) + "…" : title;
    }

    private String description(BuildContext context, Map<Fact, String> facts, @CheckForNull HumanReview review)
            throws IOException {
        if (options.content().description() != null) {
            return options.content().description();
        }
        Optional<ReviewReport> report = new ReviewStore(context.record().folder()).latest();
        return context.redactor()
                .redact(Description.of(facts, context.record().displayName(), report.orElse(null), review));
    }
}
