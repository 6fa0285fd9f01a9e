package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.HostileTrial;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkout on an agent that lies, or never answers. */
class HostileCheckoutTest {
    @TempDir
    private Path root;

    private static HostileTrial.Subject open(Path folder) throws Exception {
        GiteeService gitee = GiteeService.start(folder.resolve("gitee"));
        Path shop = gitee.createRepository("acme", "shop", true);
        gitee.addToken(CheckoutTestBase.TOKEN, "acme", "projects");
        Path files = Files.createDirectories(folder.resolve("gitee/files"));
        Files.writeString(files.resolve("app.json"), "{}");
        GiteeService.commit(shop, files, "main", "First");
        LocalBuild build = LocalBuild.in(folder.resolve("build"))
                .with((Object) gitee.known())
                .with(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "t", "", Secret.fromString(CheckoutTestBase.TOKEN)));
        return new HostileTrial.Subject() {
            @Override
            public LocalBuild build() {
                return build;
            }

            @Override
            public void run() throws Exception {
                GitCheckout.of(gitee.gitUrl("acme", "shop"))
                        .retryDelay(Duration.ofMillis(20))
                        .credentialsId("t")
                        .directory("code")
                        .build()
                        .run(build);
            }

            @Override
            public void close() {
                gitee.close();
            }
        };
    }

    @Test
    void anAgentThatLiesOrNeverAnswersHarmsItsOwnBuildOnly() throws Exception {
        HostileTrial trial = new HostileTrial(root, HostileCheckoutTest::open);
        List<Class<?>> asked = trial.asked();
        assertThat(asked).extracting(Class::getSimpleName).contains("FetchWork", "FinishWork");
        trial.lies(asked);
        trial.neverAnswers(asked);
    }
}
