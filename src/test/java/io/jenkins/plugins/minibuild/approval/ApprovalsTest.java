package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as people's approval of a commit. */
class ApprovalsTest {
    private static final String COMMIT =
            HumanReviewTest.asked(1).change().head().commit();

    @TempDir
    Path builds;

    private HumanReviewStore build(int number) {
        return new HumanReviewStore(builds.resolve(String.valueOf(number)));
    }

    private void decided(int build, Verdict verdict) throws IOException {
        build(build)
                .add(
                        HumanReviewTest.vote(HumanReviewTest.asked(1), HumanReviewTest.LI, verdict, "because"),
                        new byte[0]);
    }

    private int approvals(String commit, int... newestFirst) throws IOException {
        List<HumanReviewStore> stores =
                Arrays.stream(newestFirst).mapToObj(this::build).toList();
        return ApprovalsSettingsFactory.approvals(commit, stores.iterator());
    }

    @Test
    void anApprovalOfThisOrAnEarlierBuildCounts() throws Exception {
        decided(1, Verdict.APPROVE);
        assertThat(approvals(COMMIT, 1)).isEqualTo(1);
        assertThat(approvals(COMMIT, 3, 2, 1)).isEqualTo(1);
        assertThat(approvals("ab".repeat(20), 3, 2, 1)).isZero();
        assertThat(approvals(COMMIT, 3, 2)).isZero();
    }

    @Test
    void theNewestDecisionAboutTheCommitCounts() throws Exception {
        decided(1, Verdict.APPROVE);
        decided(2, Verdict.REJECT);
        assertThat(approvals(COMMIT, 2, 1)).isZero();
        decided(2, Verdict.APPROVE);
        assertThat(approvals(COMMIT, 2, 1)).isEqualTo(1);
    }

    @Test
    void eachPersonCountsOnce() throws Exception {
        HumanReview one = HumanReviewTest.vote(HumanReviewTest.asked(2), HumanReviewTest.LI, Verdict.APPROVE, "");
        build(1).add(HumanReviewTest.vote(one, HumanReviewTest.WANG, Verdict.APPROVE, ""), new byte[0]);
        assertThat(approvals(COMMIT, 1)).isEqualTo(2);
    }

    @Test
    void aReviewThatWaitsDecidesNothing() throws Exception {
        build(1).add(HumanReviewTest.asked(1), new byte[0]);
        assertThat(approvals(COMMIT, 1)).isZero();
    }

    @Test
    void aRecordThatCannotBeReadIsNoApproval() throws Exception {
        decided(1, Verdict.APPROVE);
        decided(2, Verdict.REJECT);
        Files.writeString(builds.resolve("2/human-review-1.json"), "{broken");
        assertThatThrownBy(() -> approvals(COMMIT, 2, 1)).isInstanceOf(IOException.class);
    }
}
