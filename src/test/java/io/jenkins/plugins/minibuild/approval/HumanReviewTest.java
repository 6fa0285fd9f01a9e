package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.approval.HumanReview.Outcome;
import io.jenkins.plugins.minibuild.approval.HumanReview.Person;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.limits.retention.Retained;
import io.jenkins.plugins.minibuild.notify.Contact;
import io.jenkins.plugins.minibuild.review.ChangeStore;
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
    static final Person LI = new Person("li", "Li Na", List.of("authenticated", "leads"));
    static final Person WANG = new Person("wang", "Wang Wei", List.of("authenticated"));
    private static final Person REQUESTER = new Person("Zhang", "Zhang San", List.of("authenticated"));

    @TempDir
    Path folder;

    static HumanReview asked(int approvals, String... reviewers) {
        return asked(approvals, List.of(List.of(reviewers)), List.of(), List.of());
    }

    private static HumanReview asked(
            int approvals, List<List<String>> reviewers, List<String> hidden, List<String> authors) {
        return new HumanReview(
                0,
                new HumanReview.Question(
                        "Please <b>look</b>",
                        new HumanReview.Rules(reviewers, approvals, "", true),
                        List.of(new HumanReview.Requester("zhang", HumanReview.Reason.STARTED)),
                        1,
                        0),
                new ReviewedChange(
                        new ReviewedChange.Side("main", "b0".repeat(20)),
                        new ReviewedChange.Side("feature/req-7", "c0".repeat(20)),
                        "",
                        SHA,
                        new ReviewedChange.Size(1, 2, 3),
                        hidden,
                        authors),
                0,
                List.of(),
                Outcome.WAITING);
    }

    static HumanReview vote(HumanReview review, Person person, Verdict verdict, String comment) {
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
        assertThatThrownBy(() -> vote(asked(1, "group:leads"), WANG, Verdict.APPROVE, ""))
                .hasMessageContaining("Only these reviewers may decide: group:leads");
        assertThat(vote(asked(1, "group:leads"), LI, Verdict.APPROVE, "").outcome())
                .isEqualTo(Outcome.APPROVED);
        assertThat(vote(asked(1, "WANG"), WANG, Verdict.APPROVE, "").outcome()).isEqualTo(Outcome.APPROVED);
        assertThat(vote(asked(1, "user:wang"), WANG, Verdict.APPROVE, "").outcome())
                .isEqualTo(Outcome.APPROVED);
        HumanReview both =
                asked(1, List.of(List.of("group:leads", "user:wang"), List.of("user:wang")), List.of(), List.of());
        assertThatThrownBy(() -> vote(both, LI, Verdict.APPROVE, "")).hasMessageContaining("user:wang");
        assertThat(vote(both, WANG, Verdict.APPROVE, "").outcome()).isEqualTo(Outcome.APPROVED);
    }

    @Test
    void nobodyPassesForAGroupByTheNameOfTheirAccountNorForAUserByAGroup() {
        Person impostor = new Person("leads", "Anybody", List.of("authenticated", "li"));
        assertThatThrownBy(() -> vote(asked(1, "group:leads"), impostor, Verdict.APPROVE, ""))
                .hasMessageContaining("Only these reviewers");
        for (String user : List.of("li", "user:li")) {
            assertThatThrownBy(() -> vote(asked(1, user), impostor, Verdict.APPROVE, ""))
                    .as(user)
                    .hasMessageContaining("Only these reviewers");
        }
    }

    @Test
    void whoseNameIsInTheCommitsCannotApproveThem() {
        HumanReview review =
                asked(1, List.of(), List.of(), List.of("Bot <bot@example.com>", "wang wei <w@example.com>"));
        assertThatThrownBy(() -> vote(review, WANG, Verdict.APPROVE, "")).hasMessageContaining("wrote or committed");
        assertThat(vote(review, WANG, Verdict.NEEDS_REVISION, "mine").outcome()).isEqualTo(Outcome.NEEDS_REVISION);
        assertThat(vote(review, LI, Verdict.APPROVE, "").outcome()).isEqualTo(Outcome.APPROVED);
    }

    @Test
    void whatIsNotShownCannotBeApproved() {
        HumanReview review = asked(1, List.of(), List.of("config/keys.js"), List.of());
        assertThatThrownBy(() -> vote(review, LI, Verdict.APPROVE, "")).hasMessageContaining("config/keys.js");
        assertThat(vote(review, LI, Verdict.REJECT, "a key").outcome()).isEqualTo(Outcome.REJECTED);
    }

    @Test
    void whereNobodyIsKnownToHaveAskedAllAuthorsHaveToBeInTheUserMap() {
        List<Contact> map = List.of(
                new Contact("wang", "", "", "", "", "w@example.com"), new Contact("x@example.com", "", "", "", "", ""));
        Askers timer = new Askers(map);
        timer.unknownStart();
        assertThat(timer.areUnknown()).as("no author is known").isTrue();
        timer.person("Wang Wei <W@example.com>", HumanReview.Reason.COMMITTED);
        assertThat(timer.areUnknown()).isFalse();
        assertThat(timer.all()).containsExactly(new HumanReview.Requester("wang", HumanReview.Reason.COMMITTED));
        timer.person("X <x@example.com>", HumanReview.Reason.COMMITTED);
        assertThat(timer.areUnknown()).as("an address is no user").isTrue();

        Askers user = new Askers(map);
        user.user("li", HumanReview.Reason.STARTED);
        user.person("Bot <bot@example.com>", HumanReview.Reason.COMMITTED);
        assertThat(user.areUnknown()).isFalse();
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
    void theChangeIsTheOneThatTheControllerKeptForTheGeneratedCommit() throws Exception {
        byte[] diff = "diff --git a/app.js b/app.js\n".getBytes(StandardCharsets.UTF_8);
        ReviewedChange made = asked(1).change();
        Map<Fact, String> facts = Map.of(Codegen.COMMIT_FACT, "c0".repeat(20));
        ChangeInQuestion.Wanted nothing = new ChangeInQuestion.Wanted(null, null, null, null, null);

        assertThatThrownBy(() -> ChangeInQuestion.of(nothing, facts, folder, null))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("was not kept");
        new ChangeStore(folder).put(made, diff);
        ChangeInQuestion change = ChangeInQuestion.of(nothing, facts, folder, null);

        assertThat(change.change()).isEqualTo(made);
        assertThat(change.masked()).isEqualTo(diff);
        assertThatThrownBy(() -> ChangeInQuestion.of(nothing, Map.of(), folder, null))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("neither aiReview nor claudeCodegen");
        assertThatThrownBy(() -> ChangeInQuestion.of(
                        new ChangeInQuestion.Wanted("main", null, null, null, null), facts, folder, null))
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
        String url = work.resolve(".git").toString();
        ChangeInQuestion change = ChangeInQuestion.of(
                new ChangeInQuestion.Wanted("main", "feature/req-7", url, null, null), Map.of(), build.folder(), build);

        assertThat(change.change().head().commit()).isEqualTo(GiteeService.output(work, "rev-parse", "HEAD"));
        assertThat(change.change().base().commit()).isEqualTo(GiteeService.output(work, "rev-parse", "main"));
        assertThat(change.change().authors()).containsExactly("Wang Li <wang@example.com>");
        assertThat(change.change().hidden()).as("cannot be approved").containsExactly("app.js");
        assertThat(new String(change.masked(), StandardCharsets.UTF_8))
                .contains("+// ****")
                .doesNotContain("s3cr3t");
        assertThat(change.change().diffSha256())
                .as("of the true diff")
                .isNotEqualTo(UnifiedDiff.parse(change.masked()).sha256());
        assertThatThrownBy(() -> ChangeInQuestion.of(
                        new ChangeInQuestion.Wanted("main", "main", url, null, null), Map.of(), build.folder(), build))
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> ChangeInQuestion.of(
                        new ChangeInQuestion.Wanted("main", null, url, null, "../elsewhere"),
                        Map.of(),
                        build.folder(),
                        build))
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
