package io.jenkins.plugins.minibuild.codegen;

import static io.jenkins.plugins.minibuild.codegen.CodegenFixture.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.PolicyFixture;
import io.jenkins.plugins.minibuild.claude.ClaudeFixture;
import io.jenkins.plugins.minibuild.standin.BareAgent;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a model writes runs confined, or it does not run. */
@Timeout(120)
class ConfinementTest {
    @TempDir
    private Path root;

    private CodegenFixture site;
    private ClaudeFixture fixture;
    private Path secret;

    @BeforeEach
    void start() throws Exception {
        site = new CodegenFixture(root);
        fixture = site.claude.pretended();
        secret = Files.writeString(root.resolve("secret.txt"), "what only the agent may know\n");
        fixture.model.script(edit("a = 1", "a = 3"), Turn.text("Done."));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void bare() {
        fixture.build.with(new BareAgent(fixture.build.listener()));
    }

    private void nothingWasAskedNorRun(String... said) {
        assertThatThrownBy(site::run).isInstanceOf(AbortException.class).hasMessageContainingAll(said);
        assertThat(fixture.model.requests()).isEmpty();
        assertThat(fixture.workspace.resolve("leaked.txt")).doesNotExist();
    }

    @Test
    void withoutASandboxNoCheckRunsAndNoMoneyIsSpent() {
        bare();
        site.arguments.put("checkCommand", "cp '" + secret + "' leaked.txt");

        nothingWasAskedNorRun("checkCommand", "install the package bubblewrap", "containerImage");
    }

    @Test
    void withoutASandboxTheRepositoryIsNotTrusted() {
        bare();
        site.arguments.put("trustRepository", true);

        nothingWasAskedNorRun("trustRepository", "install the package bubblewrap");
    }

    @Test
    void onlyAnAdministratorAllowsToGoWithoutASandbox() throws Exception {
        site.arguments.put("sandbox", "off");
        site.arguments.put("checkCommand", "cp '" + secret + "' leaked.txt");
        nothingWasAskedNorRun("sandboxOffAllowed", "sandbox: 'off'");

        fixture.build.with((Object) PolicyFixture.allowing(true, false));
        assertThat(site.run().files()).hasSize(2);
    }

    @Test
    void theControllersOwnNodeIsRefusedUnlessAnAdministratorAllowsIt() throws Exception {
        fixture.build.on("");
        nothingWasAskedNorRun("builtInNodeAllowed");

        fixture.build.with((Object) PolicyFixture.allowing(false, true));
        assertThat(site.run().files()).hasSize(1);
    }

    @Test
    void theCheckHasNoNetworkUnlessItAsksForIt() throws Exception {
        Assumptions.assumeTrue(ClaudeFixture.hasSandbox(), "skipped: no bubblewrap on this machine");
        String reach = "curl -s --max-time 5 -o /dev/null " + fixture.model.url() + "/";
        site.arguments.put("checkCommand", "! " + reach);
        site.run();

        fixture.model.script(edit("b = 2", "b = 4"), Turn.text("Done."));
        site.arguments.put("checkCommand", reach);
        site.arguments.put("checkNetwork", true);
        site.run();

        assertThat(fixture.build.log()).contains("The check succeeded");
    }
}
