package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls as services really send them, which a reader of the documents does not expect. */
class OddPayloadsTest {
    private static final String COMMIT = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";
    private static final String TAG_OBJECT = "7a7e0b1ec7000000000000000000000000000001";

    @TempDir
    Path folder;

    private IntakeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new IntakeFixture(folder);
    }

    private Answer call(Provider provider, String event, byte[] body) {
        fixture.secret = new ProviderSecret(
                provider == Provider.AZURE ? "azure" : null, Secret.fromString(IntakeFixture.SECRET));
        return fixture.call(IntakeFixture.signed(provider, event, body, IntakeFixture.SECRET, fixture.now));
    }

    private Answer call(Provider provider, String event, String file) throws Exception {
        return call(provider, event, IntakeFixture.file(file));
    }

    private Answer call(Provider provider, String event, String file, Consumer<ObjectNode> change) throws Exception {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(IntakeFixture.file(file));
        change.accept(body);
        return call(provider, event, Json.MAPPER.writeValueAsBytes(body));
    }

    private static String reason(Answer answer) {
        return answer.body().get("reason").asText();
    }

    private Decision decision() {
        return fixture.log.list(IntakeFixture.OWNER).get(0).decision();
    }

    private void onlyPaths(String paths) {
        WebhookTrigger trigger = new WebhookTrigger();
        trigger.setPaths(paths);
        fixture.filter = trigger.filter();
    }

    @ParameterizedTest
    @CsvSource({
        "GITEE,Push Hook,case-gitee-rollback",
        "GITLAB,Push Hook,case-gitlab-rollback",
    })
    void aForcedPushThatListsNoCommitsStartsAJobWithPaths(Provider provider, String event, String file)
            throws Exception {
        onlyPaths("src/**");
        assertThat(call(provider, event, file).status()).isEqualTo(202);
        assertThat(fixture.started).hasSize(1);
    }

    @Test
    void onGitHubToo() throws Exception {
        onlyPaths("src/**");
        String push = """
                {"ref": "refs/heads/main", "before": "aad331d8d3b131fa9ae03cf5e53965b51942618a", "after": "%s", "forced": %s,
                 "repository": {"full_name": "acme/shop", "clone_url": "https://github.com/acme/shop.git"}, "commits": [%s]}""";
        String readme = "{\"id\": \"" + COMMIT + "\", \"modified\": [\"README.md\"]}";
        for (String body : List.of(
                push.formatted(COMMIT, true, ""),
                push.formatted(COMMIT, false, ""),
                push.formatted(COMMIT, true, readme))) {
            assertThat(call(Provider.GITHUB, "push", body.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .as(body)
                    .isEqualTo(202);
        }
        assertThat(call(
                                Provider.GITHUB,
                                "push",
                                push.formatted(COMMIT, false, readme).getBytes(StandardCharsets.UTF_8))
                        .status())
                .as("files that are known do not count")
                .isEqualTo(200);
    }

    @Test
    void onlyANewCommentOfAzureStartsABuild() throws Exception {
        assertThat(call(Provider.AZURE, "", "case-azure-comment-new").status()).isEqualTo(202);
        assertThat(call(Provider.AZURE, "", "case-azure-comment-edited").status())
                .isEqualTo(200);
        assertThat(call(Provider.AZURE, "", "case-azure-comment-deleted").status())
                .isEqualTo(200);
        assertThat(decision().reason()).isEqualTo(Reason.EVENT);
        // Deleted before it was ever edited; edited, with the time in another zone; new, by the milliseconds of two
        // clocks.
        for (String[] times : new String[][] {
            {"2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z", "true", "200"},
            {"2026-01-01T10:00:00Z", "2026-01-01T18:03:00+08:00", "false", "200"},
            {"2026-01-01T10:00:00Z", "2026-01-01T18:00:00+08:00", "false", "202"},
            {"2026-01-01T10:00:00.123Z", "2026-01-01T10:00:00.2Z", "false", "202"},
        }) {
            Answer answer = call(Provider.AZURE, "", "case-azure-comment-new", body -> {
                ObjectNode comment = (ObjectNode) body.at("/resource/comment");
                comment.put("publishedDate", times[0]);
                comment.put("lastUpdatedDate", times[1]);
                comment.put("lastContentUpdatedDate", times[1]);
                comment.put("isDeleted", Boolean.parseBoolean(times[2]));
            });
            assertThat(answer.status()).as(String.join(" ", times)).isEqualTo(Integer.parseInt(times[3]));
        }
    }

    @Test
    void aRefThatIsNotOfInterestRefusesNotTheWholeCall() throws Exception {
        Answer both = call(Provider.AZURE, "", "case-azure-push-and-notes");
        assertThat(both.status()).isEqualTo(202);
        assertThat(reason(both)).isEqualTo("queued: main");
        assertThat(fixture.started).hasSize(1);
        Answer notes = call(Provider.AZURE, "", "case-azure-notes-only");
        assertThat(notes.status()).isEqualTo(200);
        assertThat(decision().reason()).isEqualTo(Reason.EVENT);

        Answer notesFirst = call(Provider.AZURE, "", "case-azure-push-and-notes", body -> {
            ArrayNode refs = (ArrayNode) body.at("/resource/refUpdates");
            refs.add(refs.remove(0));
            ((ObjectNode) refs.get(1)).put("name", "refs/heads/fast");
        });
        assertThat(reason(notesFirst)).isEqualTo("queued: fast");

        for (String[] push : new String[][] {
            {"GITEE", "Push Hook", "gitee-push"},
            {"GITLAB", "Push Hook", "gitlab-push"},
        }) {
            Answer answer = call(
                    Provider.valueOf(push[0]), push[1], push[2], body -> body.put("ref", "refs/changes/34/1234/1"));
            assertThat(answer.status()).as(push[2]).isEqualTo(200);
        }
    }

    @Test
    void theAnswerNamesWhatIsQueued() throws Exception {
        assertThat(reason(call(Provider.GITLAB, "Tag Push Hook", "case-gitlab-tag-light")))
                .isEqualTo("queued: v1.2.0");
        assertThat(reason(call(Provider.GITEE, "Tag Push Hook", "gitee-tag"))).isEqualTo("queued: v1.2.0");
        assertThat(reason(call(Provider.AZURE, "", "azure-tag"))).isEqualTo("queued: v1.2.0");
        fixture.rights = (target, delivery) -> delivery.at(COMMIT);
        Answer comment = call(Provider.GITHUB, "issue_comment", """
                {"action": "created", "issue": {"number": 12, "title": "Fast", "pull_request": {"url": "x"}},
                 "comment": {"body": "/rebuild", "user": {"login": "lin"}}, "sender": {"login": "lin"},
                 "repository": {"full_name": "acme/shop"}}""".getBytes(StandardCharsets.UTF_8));
        assertThat(reason(comment)).as("GitHub names no branch").contains("#12").doesNotContain("{");
    }

    @Test
    void theCommitOfAnAnnotatedTagIsTheOneThatTheServiceNames() throws Exception {
        assertThat(call(Provider.GITLAB, "Tag Push Hook", "gitlab-tag", body -> body.put("after", TAG_OBJECT))
                        .status())
                .isEqualTo(202);
        call(Provider.GITEE, "Tag Push Hook", "gitee-tag", body -> {
            body.put("after", TAG_OBJECT);
            body.withObject("/head_commit").put("id", COMMIT);
        });
        call(Provider.GITHUB, "push", ("""
                {"ref": "refs/tags/v1.2.0", "after": "%s", "created": true, "base_ref": "refs/heads/main",
                 "head_commit": {"id": "%s", "message": "m"},
                 "repository": {"full_name": "acme/shop"}, "commits": []}""").formatted(TAG_OBJECT, COMMIT).getBytes(StandardCharsets.UTF_8));
        assertThat(fixture.started).hasSize(3).allSatisfy(each -> assertThat(
                        each.delivery().variables())
                .containsEntry("MINIBUILD_COMMIT", COMMIT)
                .containsEntry("MINIBUILD_TAG", "v1.2.0"));

        // Azure DevOps names the tag only: its commit is known after the checkout.
        call(Provider.AZURE, "", "azure-tag");
        Delivery azure = fixture.started.get(3).delivery();
        assertThat(azure.variables()).doesNotContainKey("MINIBUILD_COMMIT");
        assertThat(azure.source().commit()).isNotNull();
    }

    @Test
    void whatIsMissingAndNotNeededIsNotRequired() throws Exception {
        byte[] github = """
                {"ref": "refs/heads/main", "head_commit": {"id": "%s", "message": "m"}, "commits": [],
                 "repository": {"full_name": "acme/shop", "clone_url": "https://github.com/acme/shop.git"}}""".formatted(COMMIT).getBytes(StandardCharsets.UTF_8);
        assertThat(call(Provider.GITHUB, "push", github).status()).isEqualTo(202);
        assertThat(call(Provider.GITLAB, "Push Hook", "gitlab-push", body -> body.remove("after"))
                        .status())
                .isEqualTo(202);
        assertThat(call(Provider.GITEE, "Push Hook", "gitee-push", body -> body.remove("after"))
                        .status())
                .isEqualTo(202);
        assertThat(fixture.started)
                .allSatisfy(
                        each -> assertThat(each.delivery().change().commit()).isEqualTo(COMMIT));
        assertThat(call(Provider.GITLAB, "Push Hook", "gitlab-push", body -> {
                            body.remove("after");
                            body.remove("checkout_sha");
                        })
                        .status())
                .as("then the newest of the branch is built")
                .isEqualTo(202);
        assertThat(fixture.started.get(3).delivery().source().commit()).isNull();
        assertThat(call(Provider.GITHUB, "ping", "{\"hook_id\": 1}".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(200);
        assertThat(call(Provider.GITHUB, "push", "{}".getBytes(StandardCharsets.UTF_8))
                        .status())
                .as("no push at all")
                .isEqualTo(422);
    }

    @Test
    void theSampleOfTheDocumentationStartsABuild() throws Exception {
        String page = java.nio.file.Files.readString(Path.of("docs/webhooks.md"));
        String body = page.substring(page.indexOf("-d '{") + 4, page.indexOf("}'\n```") + 1);
        fixture.secret = null;
        Call sample = new Call(
                new Caller("192.0.2.7", null),
                java.util.Map.of(
                        "Content-Type", "application/json", "X-Gitee-Event", "Push Hook", "X-Gitee-Timestamp", "1"),
                body.getBytes(StandardCharsets.UTF_8));

        assertThat(reason(fixture.call(sample))).isEqualTo("queued: main");
        assertThat(fixture.started.get(0).delivery().source().commit())
                .as("the newest of the branch")
                .isNull();
    }

    @Test
    void aCallWithoutTheHeaderOfItsServiceIsToldSo() throws Exception {
        fixture.secret = null;
        Call bare = new Call(
                new Caller("192.0.2.7", null),
                java.util.Map.of("Content-Type", "application/json"),
                IntakeFixture.file("gitee-push"));
        Answer answer = fixture.call(bare);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(reason(answer)).startsWith("no header says which service").contains("X-Gitee-Event");

        fixture.secret = new ProviderSecret(null, Secret.fromString(IntakeFixture.SECRET));
        answer = fixture.call(bare);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(reason(answer)).contains("X-Gitee-Event");
    }

    @Test
    void aWrongTokenLeavesARowAndManyLeaveNoMore() throws Exception {
        Call call = IntakeFixture.signed(
                Provider.GITEE, "Push Hook", IntakeFixture.file("gitee-push"), IntakeFixture.SECRET, fixture.now);
        assertThat(fixture.call(call).status()).isEqualTo(202);
        for (int i = 0; i < 200; i++) {
            assertThat(fixture.call(call, fixture.id, "wrong-token-" + i).status())
                    .isIn(401, 429);
        }
        List<DeliveryRecord> rows = fixture.log.list(IntakeFixture.OWNER);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).decision().reason()).isEqualTo(Reason.WRONG_TOKEN);
        assertThat(rows.get(0).address()).isEqualTo("192.0.2.7");
        assertThat(rows.get(0).decision().text()).contains("token in the address is wrong");
        fixture.now = fixture.now.plusSeconds(61);
        fixture.call(call, fixture.id, "wrong");
        assertThat(fixture.log.list(IntakeFixture.OWNER)).hasSize(3);
    }

    private static AutoBuild profile(String branch, boolean on) {
        return new AutoBuild(
                "1",
                "shop",
                on ? AutoBuild.Pushes.START : AutoBuild.Pushes.IGNORED,
                "https://gitee.com/acme/shop.git",
                branch,
                "shop",
                null);
    }

    @Test
    void aJobWithoutATriggerIsStartedForWhatItsProfilesShip() throws Exception {
        fixture.filter = WebhookTargetsAdapter.filter(List.of(profile("release", false)));
        Answer other = call(Provider.GITEE, "Push Hook", "gitee-push");
        assertThat(other.status()).isEqualTo(200);
        assertThat(reason(other)).contains("'master'").contains("profile");

        fixture.filter = WebhookTargetsAdapter.filter(List.of(profile("release", false), profile("master", true)));
        assertThat(call(Provider.GITEE, "Push Hook", "gitee-push", body -> body.put("compare", "x"))
                        .status())
                .isEqualTo(202);
        List<AutoBuild> none = new ArrayList<>();
        none.add(new AutoBuild("1", "shop", AutoBuild.Pushes.START, null, null, "shop", null));
        assertThat(WebhookTargetsAdapter.filter(none))
                .as("a profile that builds what the job checks out")
                .isEqualTo(TriggerFilter.standard());
        assertThat(WebhookTargetsAdapter.filter(List.of())).isEqualTo(TriggerFilter.standard());
    }
}
