package io.jenkins.plugins.minibuild.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.fasterxml.jackson.databind.JsonNode;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.approval.HumanReview;
import io.jenkins.plugins.minibuild.approval.HumanReview.Outcome;
import io.jenkins.plugins.minibuild.approval.Verdict;
import io.jenkins.plugins.minibuild.approval.Vote;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    private String head;

    @BeforeEach
    void start() throws Exception {
        gitee = GiteeService.start(root.resolve("gitee"));
        gitee.addToken(TOKEN, "acme", "projects", "pull_requests");
        shop = gitee.createRepository("acme", "shop", true);
        files = Files.createDirectories(root.resolve("files"));
        Files.writeString(files.resolve("app.js"), "App({})\n");
        GiteeService.commit(shop, files, "main", "first");
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

    private void reviewed(Outcome outcome, String commit) throws Exception {
        HumanReview review = new HumanReview(
                1,
                new HumanReview.Question("", List.of(), 1, true, List.of(), 1, 0),
                new HumanReview.Change(
                        "main", "feature/req-7", "", commit, "ab".repeat(32), 0, new HumanReview.Extent(1, 2, 3)),
                List.of(new Vote("wang", "Wang Wei", Verdict.APPROVE, "fine, @li", 2, "ab".repeat(32), "page")),
                outcome);
        Files.createDirectories(build.folder());
        Files.write(build.folder().resolve("human-review-1.json"), review.toJson());
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
        assertThat(kept.path("title").asText()).isEqualTo("Cart <img src=x> for @everyone");
        assertThat(kept.path("prune").asBoolean()).isTrue();
        assertThat(kept.path("body").asText())
                .contains(
                        "## Requirement",
                        "Cart &lt;img src=x> for \\@\u200beveryone".replace(">", "\\>"),
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
        assertThatThrownBy(() -> run(options(true))).hasMessageContaining("has had no human review");
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
        assertThatThrownBy(() -> run(at(url, "feature/req-7", "main", null)))
                .hasMessageContaining("needs a token");
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
                    "http://gitlab.evil.example/a/b.git", evil.address() + "/a/b.git", "https://gitee.com/evil/b.git")) {
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
                assertThat(refusal)
                        .as(url)
                        .isInstanceOf(AbortException.class)
                        .hasMessageContaining("administrator");
            }
        }
    }

    private void plant(String url) throws Exception {
        Path workspace = Path.of(build.workspace().getRemote());
        Files.createDirectories(workspace.resolve(".git"));
        Files.writeString(workspace.resolve(".git/config"), "[remote \"origin\"]\n\turl = " + url + "\n");
    }
}
