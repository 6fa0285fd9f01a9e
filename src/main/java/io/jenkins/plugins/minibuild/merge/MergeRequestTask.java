package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.Policies;
import io.jenkins.plugins.minibuild.access.ReviewLedger;
import io.jenkins.plugins.minibuild.access.ReviewRecord;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.access.Rule;
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
import io.jenkins.plugins.minibuild.forge.ServiceText;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
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
        Optional<ReviewRecord> last = new ReviewLedger(context.record().jobFolder())
                .latest(source, known -> RepositoryUrl.parse(known).sameRepository(address))
                .or(() -> review.map(own -> own.record(0)));
        ReviewRecord approval = required(context, last.isPresent()) ? approval(context, last.orElse(null)) : null;
        if (approval != null) {
            compare(log, requests, new Branches(source, target), approval.change());
        }
        MergeRequests.Saved saved = requests.save(new MergeRequestDraft(
                new Branches(source, target),
                title(facts, source, target),
                description(context, facts, review.orElse(null), approval),
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
        String approved = approval == null ? null : approval.change().head().commit();
        if (approved != null && request.commit() != null && !approved.equals(request.commit())) {
            requests.makeDraft(request);
            throw new AbortException(
                    Messages.MergeRequestTask_movedMeanwhile(source, approved, request.commit(), request.url()));
        }
        return new MergeResult(requests.service(), address.text(), request, saved.created(), approved);
    }

    @CheckForNull
    private static String branch(@CheckForNull String name) throws AbortException {
        if (name != null && !RefName.isValid(name)) {
            throw new AbortException(Messages.MergeRequestTask_badBranch(name));
        }
        return name;
    }

    /** Whether people must have approved: where they were asked about this branch, in whatever build of the job, and where a policy says so. */
    private boolean required(BuildContext context, boolean asked) throws AbortException {
        Rule<Boolean> policy = Policies.of(context).review().approvalBeforeMerge();
        policy.demand(options.requireApproval() == null || options.requireApproval());
        return policy.on() || (options.requireApproval() == null ? asked : options.requireApproval());
    }

    private static ReviewRecord approval(BuildContext context, @CheckForNull ReviewRecord last) throws AbortException {
        if (last == null) {
            throw new AbortException(Messages.MergeRequestTask_nobodyAsked());
        }
        if (!last.isApproved()) {
            throw new AbortException(Messages.MergeRequestTask_notApproved(last.outcome()));
        }
        Policies.of(context)
                .review()
                .minApprovals()
                .atLeast(
                        (int) last.approvals().stream()
                                .map(each -> each.user().toLowerCase(Locale.ROOT))
                                .distinct()
                                .count(),
                        1);
        return last;
    }

    /** Holds what was approved against what would be merged. */
    private static void compare(PrintStream log, MergeRequests requests, Branches branches, ReviewedChange approved)
            throws IOException, InterruptedException {
        String commit = approved.head().commit();
        if (commit.isEmpty()) {
            throw new AbortException(Messages.MergeRequestTask_noCommit());
        }
        String now = requests.head(branches.source());
        if (!now.equals(commit)) {
            throw new AbortException(Messages.MergeRequestTask_moved(branches.source(), commit, now));
        }
        String target = approved.target();
        if (target != null && !target.equals(branches.target())) {
            throw new AbortException(Messages.MergeRequestTask_otherTarget(target, branches.target()));
        }
        Optional<String> base = requests.mergeBase(branches.target(), commit);
        if (base.isEmpty()) {
            log.println(Messages.MergeRequestTask_baseUnknown(requests.service()));
        } else if (!base.get().equals(approved.base().commit())) {
            throw new AbortException(Messages.MergeRequestTask_otherBase(
                    branches.target(), base.get(), approved.base().commit()));
        }
    }

    private String title(Map<Fact, String> facts, String source, String target) {
        if (options.content().title() != null) {
            return options.content().title();
        }
        String requirement = facts.getOrDefault(Codegen.REQUIREMENT_FACT, "")
                .replaceAll("\\s+", " ")
                .strip();
        String title = ServiceText.plain(
                requirement.isEmpty() ? Messages.MergeRequestTask_title(source, target) : requirement);
        return title.length() > 200 ? title.substring(0, 200) + "…" : title;
    }

    private String description(
            BuildContext context,
            Map<Fact, String> facts,
            @CheckForNull HumanReview review,
            @CheckForNull ReviewRecord approval)
            throws IOException {
        String approved = approval == null ? "" : Description.approval(approval);
        if (options.content().description() != null) {
            return approved.isEmpty()
                    ? options.content().description()
                    : options.content().description() + "\n\n" + approved;
        }
        Optional<ReviewReport> report = new ReviewStore(context.record().folder()).latest();
        return context.redactor()
                .redact(Description.of(facts, context.record().displayName(), report.orElse(null), review) + approved);
    }
}
