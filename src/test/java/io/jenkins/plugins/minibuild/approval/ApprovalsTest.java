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
    private static final String COMMIT = HumanReviewTest.asked(1).change().head().commit();

    @TempDir
    Path builds;

    private HumanReviewStore build(int number) {
        return new HumanReviewStore(builds.resolve(String.valueOf(number)));
    }

    private void decided(int build, HumanReview.Outcome outcome) throws IOException {
        build(build).add(HumanReviewTest.asked(1).ended(outcome), new byte[0]);
    }

    private boolean isApproved(String commit, int... newestFirst) throws IOException {
        List<HumanReviewStore> stores =
                Arrays.stream(newestFirst).mapToObj(this::build).toList();
        return ApprovalsSettingsFactory.isApproved(commit, stores.iterator());
    }

    @Test
    void anApprovalOfThisOrAnEarlierBuildCounts() throws Exception {
        decided(1, HumanReview.Outcome.APPROVED);
        assertThat(isApproved(COMMIT, 1)).isTrue();
        assertThat(isApproved(COMMIT, 3, 2, 1)).isTrue();
        assertThat(isApproved("ab".repeat(20), 3, 2, 1)).isFalse();
        assertThat(isApproved(COMMIT, 3, 2)).isFalse();
    }

    @Test
    void theNewestDecisionAboutTheCommitCounts() throws Exception {
        decided(1, HumanReview.Outcome.APPROVED);
        decided(2, HumanReview.Outcome.REJECTED);
        assertThat(isApproved(COMMIT, 2, 1)).isFalse();
        decided(2, HumanReview.Outcome.APPROVED);
        assertThat(isApproved(COMMIT, 2, 1)).isTrue();
    }

    @Test
    void aReviewThatWaitsDecidesNothing() throws Exception {
        build(1).add(HumanReviewTest.asked(1), new byte[0]);
        assertThat(isApproved(COMMIT, 1)).isFalse();
    }

    @Test
    void aRecordThatCannotBeReadIsNoApproval() throws Exception {
        decided(1, HumanReview.Outcome.APPROVED);
        decided(2, HumanReview.Outcome.REJECTED);
        Files.writeString(builds.resolve("2/human-review-1.json"), "{broken");
        assertThatThrownBy(() -> isApproved(COMMIT, 2, 1)).isInstanceOf(IOException.class);
    }
}
