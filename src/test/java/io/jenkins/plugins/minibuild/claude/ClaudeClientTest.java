package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.access.PolicyConfiguration;
import io.jenkins.plugins.minibuild.access.PolicyFixture;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.standin.BareAgent;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator allows holds, whatever a Jenkinsfile says. */
@Timeout(120)
class ClaudeClientTest {
    private static final Caps DEFAULTS = Caps.of(50, 10, 5, 100);
    private static final Isolation AUTO = new Isolation(null, Isolation.SandboxUse.AUTO, List.of());

    @TempDir
    private Path root;

    private ClaudeFixture fixture;
    private PolicyConfiguration policy;

    @BeforeEach
    void start() throws Exception {
        fixture = new ClaudeFixture(root).pretended();
        policy = new PolicyConfiguration();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ClaudeClient client(ModelAccess access, Caps caps) throws Exception {
        fixture.build.with((Object) PolicyFixture.of("team", policy));
        ClaudeOptions options = new ClaudeOptions(access, null, caps, DEFAULTS, 0, false, AUTO);
        return new ClaudeClient(fixture.build, options, "a test", List.of("Read"), List.of());
    }

    private void refused(ModelAccess access, Caps caps, String... said) {
        assertThatThrownBy(() -> client(access, caps))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll(said);
        assertThat(fixture.model.requests()).isEmpty();
    }

    private static ModelAccess model(String name) {
        return new ModelAccess(null, null, name);
    }

    @Test
    void noStepLiftsACeiling() {
        policy.setMaxUsdPerRun(2.0);
        policy.setMaxTurns(10);
        policy.setMaxMinutes(3);
        refused(model(null), Caps.of(50, 10, 4, 100), "maxUsdPerRun", "team");
        refused(model(null), Caps.of(20, 10, 5, 100), "maxTurns", "team");
        refused(model(null), Caps.of(50, 4, 5, 100), "maxMinutes", "team");
    }

    @Test
    void withoutAnAdministratorsWordARunCostsTwentyDollarsAtTheMost() {
        refused(model(null), Caps.of(50, 10, 500, 100), "maxUsdPerRun", "20");
    }

    @Test
    void aDefaultIsLoweredToTheCeiling() throws Exception {
        policy.setMaxUsdPerRun(0.5);
        fixture.model.always(Turn.reply().text("x").usage(200_000, 10));
        try (ClaudeClient client = client(model(null), DEFAULTS)) {
            ClaudeResult result = client.book(client.run(fixture.build.workspace(), "hello", null, true));
            assertThat(result.usage().dollars()).isGreaterThan(0.5);
            assertThat(client.isLeft()).isFalse();
        }
    }

    @Test
    void aModelThatThePolicyDoesNotHaveIsNotAsked() throws Exception {
        policy.setModels("claude-sonnet-*");
        refused(model("claude-opus-4-8"), DEFAULTS, "models", "claude-opus-4-8");
        refused(model(null), DEFAULTS, "models");

        // The command asks for another one than the step was allowed.
        fixture.pretend(
                "curl -s -o /dev/null -w '%{http_code}\\n' --unix-socket \"$ANTHROPIC_UNIX_SOCKET\" -H \"x-api-key: $ANTHROPIC_API_KEY\""
                        + " -d '{\"model\":\"claude-opus-4-8\",\"max_tokens\":10}' $ANTHROPIC_BASE_URL/v1/messages > ~/said; cat ~/said >&2; exit 7");
        ClaudeOptions options =
                new ClaudeOptions(model("claude-sonnet-5"), "pretended", DEFAULTS, DEFAULTS, 0, false, AUTO);
        try (ClaudeClient client = new ClaudeClient(fixture.build, options, "a test", List.of("Read"), List.of())) {
            assertThat(client.book(client.run(fixture.build.workspace(), "hello", null, true))
                            .message())
                    .contains("403");
        }
        assertThat(fixture.model.requests()).isEmpty();
    }

    @Test
    void theAdministratorsKeyIsForTheJobsThatItIsFor() throws Exception {
        LocalBuild build = fixture.tooled(LocalBuild.in(root.resolve("another")));
        build.with(new StringCredentialsImpl(
                CredentialsScope.GLOBAL, ClaudeFixture.KEY_ID, "", Secret.fromString(ClaudeFixture.KEY)));
        build.with((Object)
                new ClaudeSettings(ClaudeFixture.KEY_ID, fixture.model.url(), null, List.of(), Glob.names("other/**")));
        for (String id : new String[] {null, ClaudeFixture.KEY_ID}) {
            ClaudeOptions options =
                    new ClaudeOptions(new ModelAccess(id, null, null), null, DEFAULTS, DEFAULTS, 0, false, AUTO);
            assertThatThrownBy(() -> new ClaudeClient(build, options, "a test", List.of("Read"), List.of()))
                    .isInstanceOf(AbortException.class)
                    .hasMessageContaining("not for this job");
        }
    }

    @Test
    void theAdministratorsKeyGoesNowhereElseWhenItIsNamed() {
        refused(
                new ModelAccess(ClaudeFixture.KEY_ID, "https://models.example.org", null),
                DEFAULTS,
                "baseUrl of its own");
    }

    @Test
    void aSessionThatIsNoIdIsNoArgument() throws Exception {
        try (ClaudeClient client = client(model(null), DEFAULTS)) {
            ClaudeRun run = client.run(fixture.build.workspace(), "hello", null, true);
            assertThatThrownBy(() -> run.session(fixture.build.temp(), "--dangerously-skip-permissions"))
                    .isInstanceOf(AbortException.class)
                    .hasMessageContaining("session");
        }
    }

    @Test
    void aSandboxThatThePolicyRequiresIsRequired() {
        policy.setSandboxRequired(true);
        fixture.build.with(new BareAgent(fixture.build.listener()));
        refused(model(null), DEFAULTS, "install the package bubblewrap");
    }

    @Test
    void theControllersDayHasALimitWithoutAnAdministratorsWord() throws Exception {
        try (ClaudeClient client = client(model(null), DEFAULTS)) {
            assertThat(client.isLeft()).isTrue();
            assertThat(fixture.build.root().resolve("controller/claude-budget.json"))
                    .content()
                    .contains("\"\":5.0");
        }
        assertThat(Files.readString(fixture.build.root().resolve("controller/claude-budget.json")))
                .contains("\"\":0.0");
    }
}
