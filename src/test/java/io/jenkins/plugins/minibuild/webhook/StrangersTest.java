package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Glob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad calls are in nobody's way, and a secret proves its own repositories only. */
class StrangersTest {
    private static final byte[] PUSH = """
            {"object_kind":"push","ref":"refs/heads/main","after":"%s","repository":{"full_name":"acme/shop",
             "clone_url":"https://github.com/acme/shop.git","path_with_namespace":"acme/shop"},
             "project":{"path_with_namespace":"acme/shop","git_http_url":"https://gitlab.com/acme/shop.git"},
             "head_commit":{"message":"the secret plan","author":{"name":"wang"}}}
            """.formatted("ab".repeat(20)).getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private IntakeFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new IntakeFixture(folder);
        fixture.sharedSecrets = List.of(fixture.secret);
    }

    private static String event(Provider provider) {
        return switch (provider) {
            case GITHUB -> "push";
            default -> "Push Hook";
        };
    }

    private Call push(Provider provider, String secret) {
        return IntakeFixture.signed(provider, event(provider), PUSH, secret, fixture.now);
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"GITEE", "GITHUB", "GITLAB"})
    void afterSeventyWrongCallsFromTheSameAddressTheGoodOneIsTaken(Provider provider) {
        for (int i = 0; i < 70; i++) {
            assertThat(fixture.call(push(provider, "wrong"), new String[0]).status())
                    .isIn(401, 429);
            assertThat(fixture.admit("192.0.2.7", fixture.id, "wrong")).isIn(401, 429);
            assertThat(fixture.admit("192.0.2.7", "nosuch", "wrong")).isIn(404, 429);
        }
        assertThat(fixture.call(push(provider, IntakeFixture.SECRET), new String[0])
                        .status())
                .as("at the shared address")
                .isEqualTo(202);
        assertThat(fixture.admit("192.0.2.7", fixture.id, fixture.token))
                .as("at the job's own address")
                .isZero();
    }

    @Test
    void wrongCallsDoNotUseUpTheCallsOfOthers() {
        fixture.callsPerMinute = 50;
        for (int i = 0; i < 200; i++) {
            fixture.call(push(Provider.GITEE, "wrong"), new String[0]);
        }
        assertThat(fixture.call(push(Provider.GITEE, IntakeFixture.SECRET), new String[0])
                        .status())
                .isEqualTo(202);
    }

    /** What is stored about the last delivery at the page of the job. */
    private DeliveryRecord kept() throws Exception {
        fixture.log.flush();
        List<DeliveryRecord> all = fixture.log.list(IntakeFixture.OWNER);
        return fixture.log.load(IntakeFixture.OWNER, all.get(0).number()).orElseThrow();
    }

    @Test
    void aBodyFromTheSharedAddressIsOnNoPageOfAJob() throws Exception {
        assertThat(fixture.call(push(Provider.GITHUB, IntakeFixture.SECRET), new String[0])
                        .status())
                .isEqualTo(202);
        assertThat(kept().body().payload()).isEmpty();
    }

    @Test
    void whatAJobsOwnSecretDoesNotProveIsNotOnItsPage() throws Exception {
        fixture.ownAtShared = new ProviderSecret(null, Secret.fromString("another"));
        fixture.call(push(Provider.GITHUB, IntakeFixture.SECRET), new String[0]);
        assertThat(kept().body().payload()).isEmpty();
        assertThat(kept().decision().reason()).isEqualTo(Reason.UNAUTHENTICATED);
        assertThat(kept().toString()).doesNotContain("secret plan", "wang", "acme/shop");
    }

    @Test
    void whatAJobsOwnSecretProvesIsOnItsPage() throws Exception {
        fixture.ownAtShared = fixture.secret;
        fixture.call(push(Provider.GITHUB, IntakeFixture.SECRET), new String[0]);
        assertThat(kept().body().payload()).contains("the secret plan");
    }

    @Test
    void aSecretStartsJobsOfItsOwnRepositoriesOnly() {
        for (String own : List.of("acme/other", "other/*", "github.com/acme/other", "gitee.com/acme/shop")) {
            fixture.sharedSecrets = List.of(new ProviderSecret(null, fixture.secret.secret(), Glob.paths(own)));
            assertThat(fixture.call(push(Provider.GITHUB, IntakeFixture.SECRET), new String[0])
                            .status())
                    .as(own)
                    .isEqualTo(403);
        }
        assertThat(fixture.started).isEmpty();
        assertThat(fixture.log.list(IntakeFixture.OWNER)).isEmpty();
        for (String own : List.of("acme/shop", "acme/*", "x/y, github.com/acme/**", "")) {
            fixture.sharedSecrets = List.of(new ProviderSecret(null, fixture.secret.secret(), Glob.paths(own)));
            fixture.now = fixture.now.plusSeconds(1);
            assertThat(fixture.call(push(Provider.GITHUB, IntakeFixture.SECRET), new String[0])
                            .status())
                    .as(own)
                    .isIn(200, 202);
        }
    }

    @Test
    void aSecondAddressOfAnotherRepositoryInADeliveryIsNotProven() {
        ProviderSecret own = new ProviderSecret(null, fixture.secret.secret(), Glob.paths("acme/other"));
        List<String> urls = List.of("https://github.com/acme/other.git", "https://github.com/acme/shop.git");
        assertThat(own.proves(new Delivery.Repository("acme/other", urls, "main")))
                .isFalse();
        assertThat(own.proves(new Delivery.Repository("acme/shop", urls.subList(0, 1), "main")))
                .as("jobs are found by the address")
                .isTrue();
        assertThat(own.proves(new Delivery.Repository("acme/shop", List.of(), "main")))
                .isFalse();
    }
}
