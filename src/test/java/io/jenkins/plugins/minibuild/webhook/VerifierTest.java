package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in: each weakness of similar plugins is a test. */
class VerifierTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_767_294_250L);
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final ProviderSecret SECRET = new ProviderSecret(null, Secret.fromString("top-secret-1"));

    private static final Caller CALLER = new Caller("192.0.2.7", null);

    @TempDir
    Path folder;

    private static Call call(Map<String, String> headers) {
        return new Call(CALLER, headers, BODY);
    }

    private static Call without(Call call, String... names) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : new String[] {
            "X-Gitee-Token", "X-Gitee-Timestamp", "X-Hub-Signature-256", "X-Gitlab-Token", "Authorization"
        }) {
            if (!call.header(name).isEmpty() && !java.util.List.of(names).contains(name)) {
                headers.put(name, call.header(name));
            }
        }
        return new Call(CALLER, headers, call.body());
    }

    @Test
    void theRightProofIsGoodAndAnotherSecretIsNot() {
        for (Provider provider : Provider.values()) {
            ProviderSecret secret = new ProviderSecret("azure", Secret.fromString("top-secret-1"));
            Call good = IntakeFixture.signed(provider, "push", BODY, "top-secret-1", NOW);
            Call bad = IntakeFixture.signed(provider, "push", BODY, "top-secret-2", NOW);
            assertThat(Verifier.isGood(provider, good, secret, NOW))
                    .as(provider.title())
                    .isTrue();
            assertThat(Verifier.isGood(provider, bad, secret, NOW))
                    .as(provider.title())
                    .isFalse();
        }
    }

    @Test
    void aMissingOrEmptyProofIsWrongAndSoIsEverythingWhereTheSecretIsMissing() {
        for (Provider provider : Provider.values()) {
            Call good = IntakeFixture.signed(provider, "push", BODY, "top-secret-1", NOW);
            Call none = without(good, "X-Gitee-Token", "X-Hub-Signature-256", "X-Gitlab-Token", "Authorization");
            assertThat(Verifier.isGood(provider, none, SECRET, NOW))
                    .as(provider.title())
                    .isFalse();
            assertThat(Verifier.isGood(provider, good, new ProviderSecret("azure", null), NOW))
                    .isFalse();
            assertThat(Verifier.isGood(
                            provider,
                            IntakeFixture.signed(provider, "push", BODY, " ", NOW),
                            new ProviderSecret("azure", Secret.fromString("")),
                            NOW))
                    .isFalse();
        }
        assertThat(Verifier.isGood(Provider.GITHUB, call(Map.of("X-Hub-Signature-256", "sha256=")), SECRET, NOW))
                .isFalse();
        // As the header says that GitHub sent before, and which is off.
        assertThat(Verifier.isGood(Provider.GITHUB, call(Map.of("X-Hub-Signature", "sha1=00")), SECRET, NOW))
                .isFalse();
    }

    @Test
    void gitHubSignsTheExactBytes() {
        Call good = IntakeFixture.signed(Provider.GITHUB, "push", BODY, "top-secret-1", NOW);
        Call changed = new Call(
                CALLER,
                Map.of("X-Hub-Signature-256", good.header("X-Hub-Signature-256")),
                "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        assertThat(Verifier.isGood(Provider.GITHUB, changed, SECRET, NOW)).isFalse();
        // The example of GitHub's documentation.
        Call documented = new Call(
                CALLER,
                Map.of(
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
                "Hello, World!".getBytes(StandardCharsets.UTF_8));
        assertThat(Verifier.isGood(
                        Provider.GITHUB,
                        documented,
                        new ProviderSecret(null, Secret.fromString("It's a Secret to Everybody")),
                        NOW))
                .isTrue();
    }

    @Test
    void giteeTakesThePasswordOrASignatureOfTheLastHour() {
        assertThat(Verifier.isGood(Provider.GITEE, call(Map.of("X-Gitee-Token", "top-secret-1")), SECRET, NOW))
                .isTrue();
        Call signed = IntakeFixture.signed(Provider.GITEE, "Push Hook", BODY, "top-secret-1", NOW);
        assertThat(Verifier.isGood(Provider.GITEE, signed, SECRET, NOW.plus(Duration.ofMinutes(59))))
                .isTrue();
        assertThat(Verifier.isGood(Provider.GITEE, signed, SECRET, NOW.plus(Duration.ofMinutes(61))))
                .isFalse();
        assertThat(Verifier.isGood(Provider.GITEE, signed, SECRET, NOW.minus(Duration.ofMinutes(61))))
                .isFalse();
        assertThat(Verifier.isGood(Provider.GITEE, without(signed, "X-Gitee-Timestamp"), SECRET, NOW))
                .isFalse();
    }

    @Test
    void gitLabsSigningTokenCoversIdTimeAndBody() {
        byte[] key = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
        ProviderSecret secret = new ProviderSecret(null, Secret.fromString("whsec_" + IntakeFixture.base64(key)));
        String time = String.valueOf(NOW.getEpochSecond());
        String signature = "v1,"
                + IntakeFixture.base64(
                        IntakeFixture.hmac(key, ("msg_1." + time + ".{\"a\":1}").getBytes(StandardCharsets.UTF_8)));
        Map<String, String> headers =
                Map.of("webhook-id", "msg_1", "webhook-timestamp", time, "webhook-signature", "v1,AAAA " + signature);
        assertThat(Verifier.isGood(Provider.GITLAB, call(headers), secret, NOW)).isTrue();
        assertThat(Verifier.isGood(Provider.GITLAB, call(headers), secret, NOW.plusSeconds(301)))
                .isFalse();
        Map<String, String> other = new LinkedHashMap<>(headers);
        other.put("webhook-id", "msg_2");
        assertThat(Verifier.isGood(Provider.GITLAB, call(other), secret, NOW)).isFalse();
        // The token itself in the older header is no signature.
        assertThat(Verifier.isGood(Provider.GITLAB, call(Map.of("X-Gitlab-Token", secret.text())), secret, NOW))
                .isFalse();
    }

    @Test
    void anAnswerSaysWhatIsWrongAndStartsNothing() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        byte[] body = IntakeFixture.file("gitee-push");
        Call good = IntakeFixture.signed(Provider.GITEE, "Push Hook", body, IntakeFixture.SECRET, fixture.now);
        Call bad = IntakeFixture.signed(Provider.GITEE, "Push Hook", body, "wrong", fixture.now);
        assertThat(fixture.call(bad).status()).isEqualTo(401);
        assertThat(fixture.call(good, fixture.id, "wrong").status()).isEqualTo(401);
        assertThat(fixture.call(good, "nobody", fixture.token).status()).isEqualTo(404);
        assertThat(fixture.call(good, new String[0]).status()).isEqualTo(401);
        assertThat(fixture.started).isEmpty();
        fixture.sharedSecrets = java.util.List.of(fixture.secret);
        Answer taken = fixture.call(good, new String[0]);
        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.body().at("/builds/0/queueUrl").asText()).startsWith("queue/item/");
        assertThat(fixture.started).hasSize(1);
        assertThat(fixture.log.list(IntakeFixture.OWNER))
                .extracting(each -> each.decision().reason())
                .containsExactly(Reason.QUEUED, Reason.WRONG_TOKEN, Reason.UNAUTHENTICATED);
    }

    @Test
    void contentTypeAndFormatAreAnsweredAsDocumented() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        fixture.secret = null;
        assertThat(fixture.call(new Call(CALLER, Map.of("X-GitHub-Event", "push", "Content-Type", "text/xml"), BODY))
                        .status())
                .isEqualTo(415);
        assertThat(fixture.call(new Call(
                                CALLER, Map.of("X-GitHub-Event", "push", "Content-Type", "application/json"), BODY))
                        .status())
                .isEqualTo(422);
        byte[] form = ("payload="
                        + java.net.URLEncoder.encode(
                                "{\"ref\":\"refs/heads/x\",\"after\":\"1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b\",\"repository\":{\"full_name\":\"a/b\"}}",
                                StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        Map<String, String> formHeaders =
                Map.of("X-GitHub-Event", "push", "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        assertThat(fixture.call(new Call(CALLER, formHeaders, form)).status()).isEqualTo(202);
        Map<String, String> giteeForm =
                Map.of("X-Gitee-Event", "Push Hook", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(fixture.call(new Call(CALLER, giteeForm, form)).status()).isEqualTo(415);
        // An XML body with an entity is never parsed as XML.
        byte[] xml = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(fixture.call(new Call(
                                CALLER, Map.of("X-GitHub-Event", "push", "Content-Type", "application/json"), xml))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aRepeatedCallStartsNothingEvenAfterARestart() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        Call call = IntakeFixture.signed(
                Provider.GITEE, "Push Hook", IntakeFixture.file("gitee-push"), IntakeFixture.SECRET, fixture.now);
        assertThat(fixture.call(call).status()).isEqualTo(202);
        Answer again = fixture.call(call);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().get("reason").asText()).contains("before");
        fixture.log.close();
        IntakeFixture restarted = new IntakeFixture(folder);
        assertThat(restarted.call(call).status()).isEqualTo(200);
        assertThat(restarted.started).isEmpty();
    }

    @Test
    void tokensAreStoredAsDigestsAndOverlapWhenTheyAreReplaced() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        EndpointStore.Fresh fresh = fixture.endpoints.renew(IntakeFixture.OWNER, Duration.ofHours(24));
        assertThat(fresh.id()).isEqualTo(fixture.id);
        assertThat(fresh.token()).matches("[A-Za-z0-9]{32}").isNotEqualTo(fixture.token);
        assertThat(fixture.admit("a", fixture.id, fixture.token)).isZero();
        assertThat(fixture.admit("a", fixture.id, fresh.token())).isZero();
        fixture.now = fixture.now.plus(Duration.ofHours(24));
        assertThat(fixture.admit("a", fixture.id, fixture.token)).isEqualTo(401);
        assertThat(fixture.admit("a", fixture.id, fresh.token())).isZero();
        assertThat(java.nio.file.Files.readString(folder.resolve("endpoints.json")))
                .doesNotContain(fresh.token())
                .doesNotContain(fixture.token);
        fixture.endpoints.rename("job:shop", "job:team/shop");
        assertThat(fixture.endpoints.idOf("job:team/shop")).isEqualTo(fixture.id);
        fixture.endpoints.remove("job:team/shop");
        assertThat(fixture.admit("a", fixture.id, fresh.token())).isEqualTo(404);
    }
}
