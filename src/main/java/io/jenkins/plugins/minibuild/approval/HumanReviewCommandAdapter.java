package io.jenkins.plugins.minibuild.approval;

import hudson.AbortException;
import hudson.Extension;
import hudson.cli.CLICommand;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import java.io.IOException;
import java.util.NoSuchElementException;
import jenkins.model.Jenkins;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** The command {@code mini-build-verdict} of Jenkins' command line: gives a verdict, or prints the state of a review. */
@Extension
public final class HumanReviewCommandAdapter extends CLICommand {
    @Argument(index = 0, metaVar = "JOB", required = true, usage = "Full name of the job")
    private String job;

    @Argument(index = 1, metaVar = "BUILD", required = true, usage = "Number of the build")
    private int build;

    @Argument(
            index = 2,
            metaVar = "VERDICT",
            usage = "approve, reject or needsRevision; without it the state is printed")
    private String verdict;

    @Option(name = "--review", metaVar = "N", usage = "Which review of the build; the last one if it is not given")
    private int review;

    @Option(name = "--comment", metaVar = "TEXT", usage = "What you have to say; needed but for an approval")
    private String comment = "";

    @Option(
            name = "--diff",
            metaVar = "SHA256",
            usage = "SHA-256 of the diff that you looked at, as the page and the state name it")
    private String diffSha256 = "";

    @Option(
            name = "--opened",
            usage =
                    "You also looked at what the page does not show at first (long lines, large files), and at what it cannot"
                            + " show (binary files, submodules)")
    private boolean opened;

    @Override
    public String getName() {
        return "mini-build-verdict";
    }

    @Override
    public String getShortDescription() {
        return Messages.HumanReviewCommandAdapter_description();
    }

    @Override
    protected int run() throws IOException {
        Item item = Jenkins.get().getItemByFullName(job);
        Run<?, ?> run = item instanceof Job<?, ?> found ? found.getBuildByNumber(build) : null;
        if (run == null) {
            throw new AbortException(Messages.HumanReviewCommandAdapter_noBuild(job, String.valueOf(build)));
        }
        run.checkPermission(Item.READ);
        try {
            HumanReviewStore store = HumanReviewAdapter.store(run);
            int number = review == 0 ? Math.max(1, store.count()) : review;
            HumanReview now = verdict == null
                    ? store.get(number)
                    : HumanReviewAdapter.get()
                            .vote(run, number, Verdict.of(verdict), comment, diffSha256, "cli", opened);
            stdout.println(now.outcome().word() + " " + now.approvers().size() + "/"
                    + now.question().rules().minApprovals() + " " + now.change().diffSha256());
            return 0;
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw new AbortException(e.getMessage());
        }
    }
}
