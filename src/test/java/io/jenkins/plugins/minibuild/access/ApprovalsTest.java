package io.jenkins.plugins.minibuild.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as people's approval of a commit. */
public class ApprovalsTest {
    private static final String COMMIT = "c0".repeat(20);

    @TempDir
    Path job;

    /** A review of a commit. */
    public static ReviewRecord review(int build, String commit, String outcome, String... approvers) {
        return new ReviewRecord(
                build,
                1,
                new ReviewedChange(
                        new ReviewedChange.Side("main", "ba".repeat(20)),
                        new ReviewedChange.Side("release/2", commit),
                        "https://gitee.com/demo/shop.git",
                        "ab".repeat(32),
                        new ReviewedChange.Size(1, 1, 1),
                        List.of(),
                        List.of()),
                outcome,
                Stream.of(approvers)
                        .map(each -> new ReviewRecord.Approval(each, each, 1))
                        .toList());
    }

    private int approvals(ReviewRecord... reviews) throws IOException {
        ReviewLedger ledger = new ReviewLedger(job);
        for (ReviewRecord each : reviews) {
            ledger.put(each);
        }
        return ledger.approvals(COMMIT);
    }

    @Test
    void theApprovalOfTheVeryCommitCountsInWhicheverBuild() throws Exception {
        assertThat(approvals()).isZero();
        assertThat(approvals(review(1, "ab".repeat(20), "approved", "li"))).isZero();
        assertThat(approvals(review(2, COMMIT, "approved", "li"), review(3, "ab".repeat(20), "rejected")))
                .isEqualTo(1);
    }

    @Test
    void theNewestDecisionAboutTheCommitCounts() throws Exception {
        assertThat(approvals(review(1, COMMIT, "approved", "li"), review(2, COMMIT, "rejected")))
                .isZero();
        assertThat(approvals(review(3, COMMIT, "approved", "li"))).isEqualTo(1);
    }

    @Test
    void aReviewThatWaitsDecidesNothing() throws Exception {
        assertThat(approvals(review(1, COMMIT, "waiting", "li"))).isZero();
        assertThat(approvals(review(1, COMMIT, "approved", "li"), review(2, COMMIT, "waiting")))
                .isEqualTo(1);
    }

    @Test
    void eachPersonCountsOnce() throws Exception {
        assertThat(approvals(review(1, COMMIT, "approved", "li", "LI", "wang"))).isEqualTo(2);
    }

    @Test
    void aRecordThatCannotBeReadIsNoApproval() throws Exception {
        assertThat(approvals(review(1, COMMIT, "approved", "li"))).isEqualTo(1);
        Files.writeString(job.resolve("reviews.json"), "{broken");
        assertThatThrownBy(this::approvals).isInstanceOf(IOException.class);
    }
}
