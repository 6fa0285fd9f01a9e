package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.approval.HumanReview.Outcome;
import io.jenkins.plugins.minibuild.approval.HumanReview.Person;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.diff.DiffText;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.limits.retention.Retained;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HumanReviewTest {
    private static final String SHA = "ab".repeat(32);
    private static final Person LI = new Person("li", "Li Na", List.of("authenticated", "leads"));
    private static final Person WANG = new Person("wang", "Wang Wei", List.of("authenticated"));
    private static final Person REQUESTER = new Person("Zhang", "Zhang San", List.of("authenticated"));

    @TempDir
    Path folder;

    static HumanReview asked(int approvals, String... reviewers) {
        return new HumanReview(
                0,
                new HumanReview.Question(
                        "Please <b>look</b>", List.of(reviewers), approvals, true, List.of("zhang"), 1, 0),
                new HumanReview.Change(
                        "main", "feature/req-7", "", "c0".repeat(20), SHA, 0, new HumanReview.Extent(1, 2, 3)),
                List.of(),
                Outcome.WAITING);
    }

    private static HumanReview vote(HumanReview review, Person person, Verdict verdict, String comment) {
        return review.vote(person, verdict, comment, SHA, 2, "page");
    }

    @Test
    void itIsApprovedWhenEnoughDifferentPeopleHave() {
        HumanReview one = vote(asked(2), LI, Verdict.APPROVE, "");
        assertThat(one.outcome()).isEqualTo(Outcome.WAITING);
        HumanReview twice = vote(one, new Person("LI", "Li Na", List.of()), Verdict.APPROVE, "again");
        assertThat(twice.outcome()).as("the same person counts once").isEqualTo(Outcome.WAITING);
        HumanReview two = vote(twice, WANG, Verdict.APPROVE, "");
        assertThat(two.outcome()).isEqualTo(Outcome.APPROVED);
        assertThat(two.approvers()).containsExactly("Li Na", "Wang Wei");
        assertThatThrownBy(() -> vote(two, WANG, Verdict.REJECT, "late"))
                .hasMessageContaining("This review is over: Approved");
    }

    @Test
    void oneRejectionOrRevisionDecides() {
        HumanReview one = vote(asked(3), LI, Verdict.APPROVE, "");
        HumanReview rejected = vote(one, WANG, Verdict.REJECT, "breaks the cart");
        assertThat(rejected.outcome()).isEqualTo(Outcome.REJECTED);
        HumanReview revised = vote(one, WANG, Verdict.NEEDS_REVISION, "name it\n better");
        assertThat(revised.toMap())
                .containsEntry("verdict", "needsRevision")
                .containsEntry("comment", "Wang Wei (needsRevision): name it\n better")
                .containsEntry("approvedBy", List.of("Li Na"));
    }

    @Test
    void whoAskedForTheChangeCannotApproveItButMaySendItBack() {
        assertThatThrownBy(() -> vote(asked(1), REQUESTER, Verdict.APPROVE, "")).hasMessageContaining("fourEyes");
        assertThat(vote(asked(1), REQUESTER, Verdict.NEEDS_REVISION, "wrong").outcome())
                .isEqualTo(Outcome.NEEDS_REVISION);
    }

    @Test
    void onlyThoseWhoAreAskedMayAnswerByNameOrGroup() {
        assertThatThrownBy(() -> vote(asked(1, "leads"), WANG, Verdict.APPROVE, ""))
                .hasMessageContaining("Only these reviewers may decide: leads");
        assertThat(vote(asked(1, "leads"), LI, Verdict.APPROVE, "").outcome()).isEqualTo(Outcome.APPROVED);
        assertThat(vote(asked(1, "WANG"), WANG, Verdict.APPROVE, "").outcome()).isEqualTo(Outcome.APPROVED);
    }

    @Test
    void aVerdictBelongsToOneDiffAndARefusalNeedsAReason() {
        assertThatThrownBy(() -> asked(1).vote(LI, Verdict.APPROVE, "", "cd".repeat(32), 2, "rest"))
                .hasMessageContaining(SHA);
        assertThatThrownBy(() -> asked(1).vote(LI, Verdict.APPROVE, "", "", 2, "rest"))
                .hasMessageContaining("another diff");
        assertThatThrownBy(() -> vote(asked(1), LI, Verdict.REJECT, " \n")).hasMessageContaining("comment");
        assertThatThrownBy(() -> vote(asked(1), LI, Verdict.REJECT, "x".repeat(10_001)))
                .hasMessageContaining("10,000");
        assertThatThrownBy(() -> Verdict.of("yes")).hasMessageContaining("approve, reject, needsRevision");
    }

    @Test
    void whatPeopleWereAskedAndSaidGoesOnlyWithTheBuildEvenWhenItsFileIsBroken() throws Exception {
        HumanReviewStore store = new HumanReviewStore(folder.resolve("mini-build"));
        store.add(asked(1), "diff".getBytes(StandardCharsets.UTF_8));
        assertThat(Retained.onlyWithTheBuild(folder)).isTrue();

        Files.write(folder.resolve("mini-build/human-review-1.json"), new byte[] {'{'});
        assertThat(store.all()).isEmpty();
        assertThat(Retained.onlyWithTheBuild(folder)).isTrue();
    }

    @Test
    void whatIsStoredIsReadBackAndSimultaneousVerdictsAreAllKept() throws Exception {
        HumanReviewStore store = new HumanReviewStore(folder.resolve("mini-build"));
        assertThat(store.isEmpty()).isTrue();
        HumanReview first = store.add(asked(20), "diff".getBytes(StandardCharsets.UTF_8));
        HumanReview second = store.add(asked(1), "other".getBytes(StandardCharsets.UTF_8));
        assertThat(List.of(first.number(), second.number())).containsExactly(1, 2);
        assertThat(store.latest()).contains(second);
        assertThat(store.diff(1)).isEqualTo("diff".getBytes(StandardCharsets.UTF_8));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            threads.invokeAll(IntStream.range(0, 19)
                            .<Callable<HumanReview>>mapToObj(n -> () -> store.update(
                                    1,
                                    review -> vote(review, new Person("u" + n, "U", List.of()), Verdict.APPROVE, "")))
                            .toList())
                    .forEach(done -> assertThat(done).isDone());
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.get(1).votes()).hasSize(19);
        assertThat(store.get(1).outcome()).isEqualTo(Outcome.WAITING);
        assertThatThrownBy(() -> store.update(1, review -> vote(review, REQUESTER, Verdict.APPROVE, "")))
                .hasMessageContaining("fourEyes");
        assertThat(store.get(1).votes()).as("a refused one is not stored").hasSize(19);
        assertThatThrownBy(() -> store.get(3)).hasMessageContaining("no review number 3");
    }

    @Test
    void theChangeIsTheGeneratedOneWhereNothingElseIsNamed() throws Exception {
        byte[] patch = DiffText.bytes(
                "diff --git a/app.js b/app.js\n--- a/app.js\n+++ b/app.js\n@@ -1 +1,2 @@\n App({})\n+// cart\n");
        Map<Fact, String> facts = Map.of(
                Codegen.COMMIT_FACT, "c0".repeat(20), Codegen.BRANCH_FACT, "feature/req-7", Codegen.BASE_FACT, "main");
        ReviewedChange.Wanted nothing = new ReviewedChange.Wanted(null, null, null, null, null);

        ReviewedChange change = ReviewedChange.of(nothing, facts, folder, null, () -> patch);

        assertThat(change.change().headCommit()).isEqualTo("c0".repeat(20));
        assertThat(change.change().diffSha256())
                .isEqualTo(UnifiedDiff.parse(patch).sha256());
        assertThat(change.change().extent().additions()).isEqualTo(1);
        assertThatThrownBy(() -> ReviewedChange.of(nothing, Map.of(), folder, null, () -> new byte[0]))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("neither aiReview nor claudeCodegen");
        assertThatThrownBy(() -> ReviewedChange.of(nothing, facts, folder, null, () -> "no diff".getBytes()))
                .hasMessageContaining("Line 1 of the diff");
        assertThatThrownBy(() -> ReviewedChange.of(
                        new ReviewedChange.Wanted("main", null, null, null, null), facts, folder, null, () -> patch))
                .hasMessageContaining("node block");
    }

    @Test
    void theChangeBetweenTwoBranchesIsReadFromTheCheckoutAndItsSecretsAreMasked() throws Exception {
        LocalBuild build = LocalBuild.in(folder.resolve("build"));
        build.redactor().add("s3cr3t-value");
        Path work = folder.resolve("build/workspace");
        GiteeService.git(work, "init", "--quiet", "--initial-branch=main");
        Files.writeString(work.resolve("app.js"), "App({})\n");
        GiteeService.git(work, "add", "--all");
        GiteeService.git(work, "commit", "--quiet", "-m", "first");
        GiteeService.git(work, "checkout", "--quiet", "-b", "feature/req-7");
        Files.writeString(work.resolve("app.js"), "App({})\n// s3cr3t-value\n");
        GiteeService.git(work, "commit", "--quiet", "--all", "-m", "cart");
        ReviewedChange change = ReviewedChange.of(
                new ReviewedChange.Wanted("main", "feature/req-7", null, null, null),
                Map.of(),
                build.folder(),
                build,
                () -> new byte[0]);

        assertThat(change.change().headCommit()).isEqualTo(GiteeService.output(work, "rev-parse", "HEAD"));
        assertThat(new String(change.masked(), StandardCharsets.UTF_8))
                .contains("+// ****")
                .doesNotContain("s3cr3t");
        assertThat(change.change().diffSha256())
                .as("of the true diff")
                .isNotEqualTo(UnifiedDiff.parse(change.masked()).sha256());
        assertThatThrownBy(() -> ReviewedChange.of(
                        new ReviewedChange.Wanted("main", "main", null, null, null),
                        Map.of(),
                        build.folder(),
                        build,
                        () -> new byte[0]))
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> ReviewedChange.of(
                        new ReviewedChange.Wanted("main", null, null, null, "../elsewhere"),
                        Map.of(),
                        build.folder(),
                        build,
                        () -> new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReviewWhoseFileAPowerCutBrokeIsSetAsideAndNoEarlierOneCountsInstead() throws Exception {
        HumanReviewStore store = new HumanReviewStore(folder);
        store.add(asked(1), "one".getBytes(StandardCharsets.UTF_8));
        store.add(asked(1), "two".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("human-review-2.json"), new byte[0]);

        assertThatThrownBy(store::latest).isInstanceOf(IOException.class).hasMessageContaining("human review 2");
        assertThat(store.all()).extracting(HumanReview::number).containsExactly(1);
        assertThat(store.add(asked(1), new byte[0]).number()).isEqualTo(3);
        assertThat(store.diff(2)).asString(StandardCharsets.UTF_8).isEqualTo("two");
    }
}
