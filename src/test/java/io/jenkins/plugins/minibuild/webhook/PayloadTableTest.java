package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of each payload, from the endpoint through filter and cause. */
class PayloadTableTest {
    @TempDir
    Path folder;

    private IntakeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new IntakeFixture(folder);
    }

    /** Written after the documentation of the services; see the files. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "GITEE  | gitee-push                  | Push Hook          | QUEUED  | PUSH    | master | refs/heads/master            | 林",
                "GITEE  | gitee-push-skip             | Push Hook          | SKIP_CI | PUSH    | master | refs/heads/master            | 林",
                "GITEE  | gitee-push-deleted          | Push Hook          | DELETED | PUSH    | old    | refs/heads/old               | lin",
                "GITEE  | gitee-tag                   | Tag Push Hook      | QUEUED  | TAG     | ''     | refs/tags/v1.2.0             | 林",
                "GITEE  | gitee-merge-request-open    | Merge Request Hook | QUEUED  | OPENED  | fast   | refs/pull/12/head            | lin",
                "GITEE  | gitee-merge-request-update  | Merge Request Hook | QUEUED  | UPDATED | fast   | refs/pull/12/head            | lin",
                "GITEE  | gitee-merge-request-label   | Merge Request Hook | EVENT   | OTHER   | fast   | refs/pull/12/head            | lin",
                "GITEE  | gitee-merge-request-merge   | Merge Request Hook | QUEUED  | MERGED  | fast   | refs/pull/12/head            | lin",
                "GITEE  | gitee-merge-request-close   | Merge Request Hook | EVENT   | OTHER   | fast   | refs/pull/12/head            | lin",
                "GITEE  | gitee-note                  | Note Hook          | QUEUED  | COMMENT | fast   | refs/pull/12/head            | lin",
                "GITEE  | gitee-push                  | Issue Hook         | EVENT   | OTHER   | ''     | ''                           | ''",
                "GITLAB | gitlab-push                 | Push Hook          | QUEUED  | PUSH    | main   | refs/heads/main              | Li Na",
                "GITLAB | gitlab-push-trailer         | Push Hook          | SKIP_CI | PUSH    | main   | refs/heads/main              | Li Na",
                "GITLAB | gitlab-push-deleted         | Push Hook          | DELETED | PUSH    | old    | refs/heads/old               | Li Na",
                "GITLAB | gitlab-tag                  | Tag Push Hook      | QUEUED  | TAG     | ''     | refs/tags/v1.2.0             | Li Na",
                "GITLAB | gitlab-merge-request-open   | Merge Request Hook | QUEUED  | OPENED  | fast   | refs/merge-requests/12/head  | Li Na",
                "GITLAB | gitlab-merge-request-draft  | Merge Request Hook | DRAFT   | OPENED  | fast   | refs/merge-requests/12/head  | Li Na",
                "GITLAB | gitlab-merge-request-update | Merge Request Hook | QUEUED  | UPDATED | fast   | refs/merge-requests/12/head  | Li Na",
                "GITLAB | gitlab-merge-request-title  | Merge Request Hook | EVENT   | OTHER   | fast   | refs/merge-requests/12/head  | Li Na",
                "GITLAB | gitlab-merge-request-merge  | Merge Request Hook | QUEUED  | MERGED  | fast   | refs/merge-requests/12/head  | Li Na",
                "GITLAB | gitlab-note                 | Note Hook          | QUEUED  | COMMENT | fast   | refs/merge-requests/12/head  | Li Na",
                "GITLAB | gitlab-pipeline             | Pipeline Hook      | EVENT   | OTHER   | ''     | ''                           | ''",
                "AZURE  | azure-push                  | ''                 | QUEUED  | PUSH    | main   | refs/heads/main              | Jamal",
                "AZURE  | azure-push-deleted          | ''                 | DELETED | PUSH    | old    | refs/heads/old               | Jamal Hartnett",
                "AZURE  | azure-tag                   | ''                 | QUEUED  | TAG     | ''     | refs/tags/v1.2.0             | Jamal",
                "AZURE  | azure-pull-request-created  | ''                 | QUEUED  | OPENED  | fast   | refs/heads/fast              | Jamal Hartnett",
                "AZURE  | azure-pull-request-draft    | ''                 | DRAFT   | OPENED  | fast   | refs/heads/fast              | Jamal Hartnett",
                "AZURE  | azure-pull-request-updated  | ''                 | QUEUED  | UPDATED | fast   | refs/heads/fast              | Jamal Hartnett",
                "AZURE  | azure-pull-request-vote     | ''                 | EVENT   | OTHER   | fast   | refs/heads/fast              | Jamal Hartnett",
                "AZURE  | azure-pull-request-completed| ''                 | QUEUED  | MERGED  | fast   | refs/heads/fast              | Jamal Hartnett",
                "AZURE  | azure-comment               | ''                 | QUEUED  | COMMENT | fast   | refs/heads/fast              | Jamal Hartnett",
                "AZURE  | azure-build                 | ''                 | EVENT   | OTHER   | ''     | ''                           | ''",
            })
    void documentedPayload(
            Provider provider,
            String file,
            String event,
            Reason reason,
            EventKind kind,
            String branch,
            String ref,
            String author)
            throws Exception {
        if (provider == Provider.AZURE) {
            fixture.secret = new ProviderSecret("azure", Secret.fromString(IntakeFixture.SECRET));
        }
        Answer answer = fixture.call(
                IntakeFixture.signed(provider, event, IntakeFixture.file(file), IntakeFixture.SECRET, fixture.now));

        DeliveryRecord kept = fixture.log.list(IntakeFixture.OWNER).get(0);
        assertThat(kept.decision().reason()).isEqualTo(reason);
        Delivery delivery = kept.delivery();
        assertThat(delivery.kind()).isEqualTo(kind);
        assertThat(delivery.ref().branch()).isEqualTo(branch);
        assertThat(delivery.ref().name()).isEqualTo(ref);
        assertThat(delivery.change().author()).isEqualTo(author);
        assertThat(answer.status()).isEqualTo(reason == Reason.QUEUED ? 202 : 200);
        assertThat(answer.body().get("reason").asText()).isNotBlank();
        assertThat(fixture.started).hasSize(reason == Reason.QUEUED ? 1 : 0);
        if (reason == Reason.QUEUED) {
            WebhookCause cause = new WebhookCause(fixture.started.get(0).delivery());
            assertThat(cause.getShortDescription()).contains(provider.title()).contains(author);
            assertThat(cause.source().ref()).isEqualTo(ref);
            assertThat(cause.source().commit()).isEqualTo("1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b");
            assertThat(delivery.repository().urls()).anyMatch(url -> url.startsWith("https://") && !url.contains("@"));
        }
        assertThat(new String(Files.readAllBytes(folder.resolve("starts.log")))).doesNotContain(IntakeFixture.SECRET);
        assertThat(fixture.log
                        .load(IntakeFixture.OWNER, kept.number())
                        .orElseThrow()
                        .body()
                        .payload())
                .isNotEmpty()
                .doesNotContain(IntakeFixture.SECRET);
    }

    @Test
    void everyRefOfAnAzurePushIsBuilt() throws Exception {
        fixture.secret = new ProviderSecret("azure", Secret.fromString(IntakeFixture.SECRET));
        ObjectNode push = (ObjectNode) Json.MAPPER.readTree(IntakeFixture.file("azure-push"));
        ArrayNode updates = (ArrayNode) push.at("/resource/refUpdates");
        ObjectNode second = updates.addObject();
        second.put("name", "refs/heads/fast");
        second.put("oldObjectId", "aad331d8d3b131fa9ae03cf5e53965b51942618a");
        second.put("newObjectId", "2c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b");
        Call call = IntakeFixture.signed(
                Provider.AZURE, "", Json.MAPPER.writeValueAsBytes(push), IntakeFixture.SECRET, fixture.now);
        Answer answer = fixture.call(call);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().get("builds")).hasSize(2);
        assertThat(fixture.started)
                .extracting(each -> each.delivery().ref().branch() + " "
                        + each.delivery().change().commit().substring(0, 4))
                .containsExactly("main 1c06", "fast 2c06");
        assertThat(fixture.call(call).status()).as("the same again").isEqualTo(200);
        assertThat(fixture.started).hasSize(2);
    }

    @Test
    void aReplayedCallOfGitHubIsKnownWhateverItsDeliveryIdSays() throws Exception {
        byte[] body = """
                {"ref": "refs/heads/main", "before": "aad331d8d3b131fa9ae03cf5e53965b51942618a",
                 "after": "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b", "sender": {"login": "lin"},
                 "repository": {"full_name": "team/shop", "clone_url": "https://github.com/team/shop.git"},
                 "head_commit": {"id": "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b", "message": "m", "author": {"name": "lin"}},
                 "commits": []}""".getBytes(StandardCharsets.UTF_8);
        Call first = IntakeFixture.signed(Provider.GITHUB, "push", body, IntakeFixture.SECRET, fixture.now);
        assertThat(fixture.call(first).status()).isEqualTo(202);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : new String[] {"Content-Type", "X-GitHub-Event", "X-Hub-Signature-256"}) {
            headers.put(name, first.header(name));
        }
        headers.put("X-GitHub-Delivery", "another");
        assertThat(fixture.call(new Call(first.caller(), headers, body)).status())
                .isEqualTo(200);
        assertThat(fixture.started).hasSize(1);
    }

    /** The decision for every one of GitHub's published examples, in numbers by event and decision. */
    @Test
    void everyExampleOfGitHubIsDecided() throws Exception {
        Path examples = Path.of(System.getProperty("minibuild.npm", "target/npm"))
                .resolve("node_modules/@octokit/webhooks-examples/api.github.com/index.json");
        assumeTrue(Files.exists(examples), "skipped: " + examples + " was not installed by the build");
        Map<String, Integer> decisions = new LinkedHashMap<>();
        int number = 0;
        for (JsonNode each : Json.MAPPER.readTree(examples.toFile())) {
            String event = each.get("name").asText();
            for (JsonNode example : each.get("examples")) {
                // A number makes each example a delivery of its own; several are the same.
                ((com.fasterxml.jackson.databind.node.ObjectNode) example).put("example", ++number);
                byte[] body = Json.MAPPER.writeValueAsBytes(example);
                int before = fixture.started.size();
                Answer answer = fixture.call(
                        IntakeFixture.signed(Provider.GITHUB, event, body, IntakeFixture.SECRET, fixture.now));
                DeliveryRecord kept = fixture.log.list(IntakeFixture.OWNER).get(0);
                assertThat(answer.status()).as(event).isEqualTo(kept.decision().reason() == Reason.QUEUED ? 202 : 200);
                assertThat(fixture.started.size() - before)
                        .isEqualTo(kept.decision().reason() == Reason.QUEUED ? 1 : 0);
                boolean supported = java.util.List.of("push", "pull_request", "issue_comment", "ping")
                        .contains(event);
                decisions.merge(
                        (supported ? event + " " + kept.delivery().kind() : "another event") + " "
                                + kept.decision().reason(),
                        1,
                        Integer::sum);
            }
        }
        assertThat(number).isGreaterThan(300);
        assertThat(decisions)
                .containsEntry("another event EVENT", number - 4 - 7 - 29 - 9)
                .containsEntry("ping PING PING", 4)
                .containsEntry("issue_comment OTHER EVENT", 9);
        assertThat(decisions.entrySet().stream()
                        .filter(e -> e.getKey().startsWith("push"))
                        .mapToInt(Map.Entry::getValue)
                        .sum())
                .isEqualTo(7);
        assertThat(decisions)
                .containsEntry("push TAG DELETED", 4)
                .containsEntry("push TAG QUEUED", 1)
                .containsEntry("push PUSH QUEUED", 2)
                .containsEntry("pull_request UPDATED QUEUED", 1)
                .containsKey("pull_request OPENED QUEUED")
                .containsKey("pull_request OTHER EVENT");
    }
}
