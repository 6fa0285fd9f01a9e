package io.jenkins.plugins.minibuild.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.fasterxml.jackson.databind.JsonNode;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.access.Policy;
import io.jenkins.plugins.minibuild.access.ReviewLedger;
import io.jenkins.plugins.minibuild.access.ReviewPolicy;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.access.Rule;
import io.jenkins.plugins.minibuild.approval.HumanReview;
import io.jenkins.plugins.minibuild.approval.HumanReview.Outcome;
import io.jenkins.plugins.minibuild.approval.Verdict;
import io.jenkins.plugins.minibuild.approval.Vote;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.forge.ForgeSession;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.MergeRequests;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeRequestTaskTest {
    private static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";

    @TempDir
    Path root;

    private GiteeService gitee;
    private LocalBuild build;
    private Path shop;
    private Path files;
    private String first;
    private String head;

    @BeforeEach
    void start() throws Exception {
        gitee = GiteeService.start(root.resolve("gitee"));
        gitee.addToken(TOKEN, "acme", "projects", "pull_requests");
        shop = gitee.createRepository("acme", "shop", true);
        files = Files.createDirectories(root.resolve("files"));
        Files.writeString(files.resolve("app.js"), "App({})\n");
        first = GiteeService.commit(shop, files, "main", "first");
        GiteeService.git(shop, "branch", "feature/req-7", "main");
        head = GiteeService.commit(shop, files, "feature/req-7", "cart");
        build = LocalBuild.in(root.resolve("build"))
                .with((Object) gitee.known())
                .with(Http.over(HttpClient.newBuilder(), Duration.ofSeconds(5), 100_000))
                .with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "gitee", "", Secret.fromString(TOKEN)));
    }

    @AfterEach
    void stop() {
        gitee.close();
    }

    private MergeResult run(MergeOptions options) throws Exception {
        return new MergeRequestTask(options).run(build);
    }

    private MergeOptions options(Boolean requireApproval) {
        return new MergeOptions(
                new MergeOptions.Repository(gitee.gitUrl("acme", "shop"), "gitee"),
                "feature/req-7",
                null,
                new MergeOptions.Content(null, null, List.of("claude"), List.of("li"), false, false),
                requireApproval);
    }

    private void generated() {
        Map.of(
                        Codegen.BRANCH_FACT, "feature/req-7",
                        Codegen.COMMIT_FACT, head,
                        Codegen.URL_FACT, gitee.gitUrl("acme", "shop"),
                        Codegen.REQUIREMENT_FACT, "Cart <img src=x> for @everyone",
                        Codegen.LINK_FACT, "https://tracker.example.com/7",
                        Codegen.SUMMARY_FACT, "I did it.\n/merge\n/label ~\"ok\"\ncloses #12")
                .forEach(build::remember);
    }

    @Test
    void wordsOfOthersCloseNoIssue() throws Exception {
        generated();
        String words = "Closes https://gitlab.example.com/acme/shop/-/issues/7, fixes GH-7, SHOP-12 and #12";
        build.remember(Codegen.REQUIREMENT_FACT, words);
        build.remember(Codegen.SUMMARY_FACT, words);

        run(options(null));

        JsonNode kept = only();
        for (String field : new String[] {"title", "body"}) {
            assertThat(kept.path(field).asText())
                    .contains("loses", "acme/shop", "SHOP")
                    .doesNotContain("https://gitlab", "GH-7", "SHOP-12", "#12");
        }
    }

    private HumanReview review(Outcome outcome, ReviewedChange change) {
        return new HumanReview(
                1,
                new HumanReview.Question("", new HumanReview.Rules(List.of(), 1, "", true), List.of(), 1, 0),
                change,
                0,
                List.of(new Vote("wang", "Wang Wei", Verdict.APPROVE, "fine, @li", 2, "ab".repeat(32), "page")),
                outcome);
    }

    private ReviewedChange change(String target, String base, String commit) {
        return new ReviewedChange(
                new ReviewedChange.Side(target, base),
                new ReviewedChange.Side("feature/req-7", commit),
                gitee.gitUrl("acme", "shop"),
                "ab".repeat(32),
                new ReviewedChange.Size(1, 2, 3),
                List.of(),
                List.of());
    }

    private void reviewed(Outcome outcome, String commit) throws Exception {
        reviewed(outcome, change("main", first, commit));
    }

    private void reviewed(Outcome outcome, ReviewedChange change) throws Exception {
        Files.createDirectories(build.folder());
        Files.write(
                build.folder().resolve("human-review-1.json"),
                review(outcome, change).toJson());
    }

    /** An earlier build of the job asked about it. */
    private void reviewedBefore(Outcome outcome, ReviewedChange change) throws Exception {
        new ReviewLedger(build.jobFolder()).put(review(outcome, change).record(7));
    }

    @Test
    void aNewBuildOrOneFromALaterStageCannotShedTheApproval() throws Exception {
        reviewedBefore(Outcome.WAITING, change("main", first, head));
        assertThatThrownBy(() -> run(options(null)))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("waiting");
        reviewedBefore(Outcome.REJECTED, change("main", first, head));
        assertThatThrownBy(() -> run(options(null))).hasMessageContaining("rejected");
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();

        reviewedBefore(Outcome.APPROVED, change("main", first, head));
        assertThat(run(options(null)).approved()).isEqualTo(head);
        assertThat(only().path("body").asText())
                .contains("Wang Wei \\(wang\\), 1970-01-01T00:00:00.002Z", head, first, "ab".repeat(32));
    }

    @Test
    void anApprovalInAnotherSpellingOfTheAddressOrOfAnUnknownBranchCounts() throws Exception {
        for (String url : List.of(gitee.gitUrl("acme", "shop").replace(".git", ""), gitee.gitUrl("ACME", "Shop"), "")) {
            for (String branch : List.of("feature/req-7", "")) {
                ReviewedChange known = change("main", first, head);
                Files.deleteIfExists(build.jobFolder().resolve("reviews.json"));
                reviewedBefore(
                        Outcome.REJECTED,
                        new ReviewedChange(
                                known.base(),
                                new ReviewedChange.Side(branch, head),
                                url,
                                known.diffSha256(),
                                known.size(),
                                List.of(),
                                List.of()));
                assertThatThrownBy(() -> run(options(null))).as(url + branch).hasMessageContaining("rejected");
            }
        }
    }

    @Test
    void whatWasApprovedForOneTargetIsNotOfferedToAnother() throws Exception {
        reviewed(Outcome.APPROVED, change("release", first, head));
        assertThatThrownBy(() -> run(options(null)))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("for release, not for main");
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();
    }

    @Test
    void whatWasApprovedFromALaterBaseIsNotOffered() throws Exception {
        Files.writeString(files.resolve("pay.js"), "evil()\n");
        String hidden = GiteeService.commit(shop, files, "feature/req-7", "payload");
        Files.writeString(files.resolve("nice.js"), "nice()\n");
        String shown = GiteeService.commit(shop, files, "feature/req-7", "nice");
        // base: the commit before the last
        reviewed(Outcome.APPROVED, change(hidden, hidden, shown));
        assertThatThrownBy(() -> run(options(null)))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("more or less", first, hidden);
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();
    }

    @Test
    void theApprovalIsInTheTextThatTheStepGives() throws Exception {
        reviewed(Outcome.APPROVED, head);
        MergeOptions given = options(null);
        run(new MergeOptions(
                given.repository(),
                given.source(),
                null,
                new MergeOptions.Content("T", "My words", List.of(), List.of(), false, false),
                null));
        assertThat(only().path("body").asText())
                .startsWith("My words\n\n## Approval")
                .contains(head);
    }

    @Test
    void anOpenOneThatMovesOnIsMarkedOncePerCommit() throws Exception {
        reviewed(Outcome.APPROVED, head);
        run(options(null));
        MergeRequests requests = Forges.of(build)
                .at("http", "127.0.0.1", Integer.parseInt(gitee.authority().replaceAll(".*:", "")))
                .orElseThrow()
                .mergeRequests(
                        "acme",
                        "shop",
                        new ForgeSession(Secret.fromString(TOKEN), Clock.systemUTC(), delay -> {}, new Random(1)));
        assertThat(MergeRequestAction.mark(requests, requests.get(1), head, "main", ""))
                .isEmpty();
        assertThat(gitee.comments("acme", "shop")).isEmpty();

        Files.writeString(files.resolve("app.js"), "App({ evil: 1 })\n");
        String moved = GiteeService.commit(shop, files, "feature/req-7", "sneaked in");
        String marked = MergeRequestAction.mark(requests, requests.get(1), head, "main", "");
        assertThat(MergeRequestAction.mark(requests, requests.get(1), head, "main", marked))
                .isEqualTo(marked);

        assertThat(gitee.comments("acme", "shop")).hasSize(1);
        assertThat(gitee.comments("acme", "shop").get(0).path("body").asText()).contains(head, moved);
        assertThat(only().path("title").asText()).startsWith("[WIP] ");
        assertThat(only().path("draft").asBoolean()).isTrue();
    }

    @Test
    void theLastBuildThatOffersAMergeRequestWatchesItForAWhile() throws Exception {
        WatchedRequests watched = new WatchedRequests(root.resolve("watched.json"));
        Instant start = Instant.ofEpochSecond(1_700_000_000);
        watched.add("https://gitee.com/a/b/pulls/1", "shop#1", start);
        watched.add("https://gitee.com/a/b/pulls/2", "shop#2", start.plusSeconds(1));
        watched.add("https://gitee.com/a/b/pulls/1", "shop#3", start.plusSeconds(2));
        assertThat(watched.all().values())
                .extracting(WatchedRequests.Watch::build)
                .containsExactly("shop#2", "shop#3");
        watched.remove(List.of("https://gitee.com/a/b/pulls/2"));
        assertThat(watched.all().keySet()).containsExactly("https://gitee.com/a/b/pulls/1");
        watched.add("https://gitee.com/a/b/pulls/4", "shop#4", start.plus(Duration.ofDays(91)));
        assertThat(watched.all().values())
                .extracting(WatchedRequests.Watch::build)
                .containsExactly("shop#4");
        for (int i = 0; i < 600; i++) {
            watched.add("https://gitee.com/a/b/pulls/" + i, "shop#9", start.plus(Duration.ofDays(91)));
        }
        assertThat(watched.all()).hasSize(500);
    }

    @Test
    void aPolicyAsksForAnApprovalWhateverTheStepSays() throws Exception {
        build.with((Object) new Policy(
                new ReviewPolicy(
                        new Rule<>("fourEyes", null, null),
                        new Rule<>("minApprovals", 2, "team-a"),
                        List.of(),
                        new Rule<>("approvalBeforeMerge", true, "team-a")),
                Policy.DEFAULT.model(),
                Policy.DEFAULT.code(),
                List.of()));
        assertThatThrownBy(() -> run(options(false)))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("approvalBeforeMerge", "team-a");
        assertThatThrownBy(() -> run(options(null))).hasMessageContaining("no build of this job");
        reviewed(Outcome.APPROVED, head);
        assertThatThrownBy(() -> run(options(null))).hasMessageContainingAll("minApprovals", "team-a");
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();
    }

    private JsonNode only() {
        assertThat(gitee.mergeRequests("acme", "shop")).hasSize(1);
        return gitee.mergeRequests("acme", "shop").get(0);
    }

    @Test
    void whatTheBuildKnowsFillsInWhatIsNotGiven() throws Exception {
        generated();
        reviewed(Outcome.APPROVED, head);
        MergeResult result = run(new MergeOptions(
                new MergeOptions.Repository(null, "gitee"),
                null,
                null,
                new MergeOptions.Content(null, null, List.of(), List.of(), false, true),
                null));

        assertThat(result.toMap())
                .containsEntry("number", 1L)
                .containsEntry("state", "open")
                .containsEntry("created", true)
                .containsEntry("source", "feature/req-7")
                .containsEntry("target", "main");
        JsonNode kept = only();
        assertThat(kept.path("title").asText()).isEqualTo("Cart <img src=x> for @ everyone");
        assertThat(kept.path("prune").asBoolean()).isTrue();
        assertThat(kept.path("body").asText())
                .contains(
                        "## Requirement",
                        "Cart &lt;img src=x&gt; for \\@\u200beveryone",
                        "<https://tracker.example.com/7>",
                        "> I did it.",
                        "> \\/merge",
                        "closes \\#\u200b12",
                        "## Review by people",
                        "Approved (`abababababab`)",
                        "- Wang Wei: Approve — fine, \\@\u200bli",
                        "Generated by Mini Build (shop \\#\u200b1)")
                .doesNotContainPattern("(?m)^/");
        assertThat(build.log()).contains("Opened merge request 1").doesNotContain(TOKEN);
        assertThat(run(options(null)).created()).isFalse();
        assertThat(build.log()).contains("is open already and was updated");
        only();
    }

    @Test
    void onlyTheCommitThatWasApprovedIsOffered() throws Exception {
        reviewed(Outcome.APPROVED, head);
        Files.writeString(files.resolve("app.js"), "App({ evil: 1 })\n");
        String moved = GiteeService.commit(shop, files, "feature/req-7", "sneaked in");

        assertThatThrownBy(() -> run(options(null)))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("has moved", head, moved);
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();
        assertThat(run(options(false)).created()).isTrue();
    }

    @Test
    void withoutAnApprovalNothingIsOpened() throws Exception {
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.APPROVED) {
                reviewed(outcome, head);
                assertThatThrownBy(() -> run(options(null))).hasMessageContaining("An approval is required");
            }
        }
        reviewed(Outcome.APPROVED, "");
        assertThatThrownBy(() -> run(options(null))).hasMessageContaining("is in no commit");
        Files.delete(build.folder().resolve("human-review-1.json"));
        assertThatThrownBy(() -> run(options(true)))
                .hasMessageContaining("no build of this job has had a human review");
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();
        assertThat(run(options(null)).created())
                .as("nobody was asked, nobody has to")
                .isTrue();
    }

    private MergeOptions at(String url, String source, String target, String credentialsId) {
        return new MergeOptions(
                new MergeOptions.Repository(url, credentialsId),
                source,
                target,
                new MergeOptions.Content("t", "d", List.of(), List.of(), false, false),
                null);
    }

    @Test
    void whatCannotWorkIsSaidBeforeTheServiceIsAsked() {
        String url = gitee.gitUrl("acme", "shop");
        assertThatThrownBy(() -> run(at(url, "feature/req-7", "main", null))).hasMessageContaining("needs a token");
        assertThatThrownBy(() -> run(at(url, "feature/req-7", "main", "none")))
                .hasMessageContaining("There is no credential 'none'");
        assertThatThrownBy(() -> run(at(url, null, "main", "gitee"))).hasMessageContaining("\"source\"");
        assertThatThrownBy(() -> run(at(url, "main", "main", "gitee"))).hasMessageContaining("into itself");
        assertThatThrownBy(() -> run(at(url, "a..b", "main", "gitee"))).hasMessageContaining("a..b");
        assertThatThrownBy(() -> run(at("https://git.example.com/a/b.git", "x", "main", "gitee")))
                .hasMessageContainingAll("git.example.com", "administrator");
        assertThatThrownBy(() -> run(at("/srv/git/shop.git", "x", "main", "gitee")))
                .hasMessageContaining("has no merge requests");
        assertThatThrownBy(() -> run(at(null, "x", "main", "gitee"))).hasMessageContaining("\"url\"");
        assertThat(gitee.requests()).isEmpty();
    }

    @Test
    void aRefusedTokenEndsTheBuildWithTheServicesWords() {
        gitee.revokeToken(TOKEN);
        assertThatThrownBy(() -> run(at(gitee.gitUrl("acme", "shop"), "feature/req-7", null, "gitee")))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("Access token does not exist")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void theAddressThatAWorkspaceNamesIsNeverCalled() throws Exception {
        try (Eavesdropper evil = Eavesdropper.start()) {
            build.with(evil.client());
            for (String planted : List.of(
                    "http://gitlab.evil.example/a/b.git",
                    evil.address() + "/a/b.git",
                    "https://gitee.com/evil/b.git")) {
                plant(planted);
                Throwable refusal = catchThrowable(() -> run(at(null, "feature/req-7", "main", "gitee")));
                assertThat(evil.heard()).isEmpty();
                assertThat(refusal).as(planted).hasMessageContaining("\"url\"");
            }
        }
    }

    @Test
    void aServiceThatNobodyConfiguredIsNeverCalledWhateverItsNameIs() throws Exception {
        try (Eavesdropper evil = Eavesdropper.start()) {
            build.with(evil.client());
            for (String url : List.of(
                    "http://gitlab.evil.example/a/b.git",
                    "http://gitee.com/a/b.git",
                    "http://github.com/a/b.git",
                    evil.address() + "/a/b.git")) {
                Throwable refusal = catchThrowable(() -> run(at(url, "feature/req-7", "main", "gitee")));
                assertThat(evil.heard()).isEmpty();
                assertThat(refusal).as(url).isInstanceOf(AbortException.class).hasMessageContaining("administrator");
            }
        }
    }

    private void plant(String url) throws Exception {
        Path workspace = Path.of(build.workspace().getRemote());
        Files.createDirectories(workspace.resolve(".git"));
        Files.writeString(workspace.resolve(".git/config"), "[remote \"origin\"]\n\turl = " + url + "\n");
    }
}
