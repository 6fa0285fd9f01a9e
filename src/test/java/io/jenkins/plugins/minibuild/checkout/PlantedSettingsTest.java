package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import hudson.EnvVars;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a build leaves on the agent does not decide where the credential of the next one goes. */
class PlantedSettingsTest extends CheckoutTestBase {
    private Eavesdropper evil;
    private Path lib;
    private String secretUrl;

    @BeforeEach
    void secretRepository() throws Exception {
        evil = Eavesdropper.start();
        gitee.addToken(TOKEN, "acme", "projects");
        Path secret = gitee.createRepository("acme", "secret", true);
        secretUrl = gitee.gitUrl("acme", "secret");
        GiteeService.commit(secret, files, "main", "Secret");
        lib = gitee.createRepository("acme", "lib", true);
        GitCheckoutTest.addSubmodule(secret, "lib", "../lib.git", GiteeService.commit(lib, files, "main", "Lib"));
        build.with(token("gitee-token", TOKEN));
    }

    @AfterEach
    void stopEvil() {
        evil.close();
    }

    private CommitInfo secret(boolean submodules) throws Exception {
        return checkout(build, secretUrl, o -> o.credentialsId("gitee-token").submodules(submodules));
    }

    private String insteadOf() {
        return "[url \"" + evil.address() + "/\"]\n\tinsteadOf = " + gitee.url() + "/\n";
    }

    private static void append(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void nothingIsSentElsewhere(boolean submodules) {
        Throwable failure = catchThrowable(() -> secret(submodules));
        assertThat(evil.heard()).isEmpty();
        assertThat(failure).isNull();
    }

    @Test
    void theSettingsOfAMirrorAreThoseOfThisBuild() throws Exception {
        secret(false);
        Path mirror = mirrors().resolve(RepositoryUrl.parse(secretUrl).key() + ".git");
        append(mirror.resolve("config"), insteadOf());
        nothingIsSentElsewhere(false);
        append(mirror.resolve("elsewhere/config"), insteadOf());
        append(mirror.resolve("commondir"), "elsewhere\n");
        nothingIsSentElsewhere(false);
        assertThat(mirror.resolve("commondir")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {".gitconfig", ".config/git/config"})
    void theSettingsOfTheAgentsUserAreNotRead(String file) throws Exception {
        Path home = temp.resolve("home");
        append(home.resolve(file), insteadOf());
        build.env("HOME", home.toString()).env("XDG_CONFIG_HOME", home + "/.config");
        nothingIsSentElsewhere(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin", "insteadOf", "commondir", "gitfile", "folder"})
    void theSettingsOfASubmoduleAreThoseOfThisBuild(String kind) throws Exception {
        secret(true);
        write("app.json", "{}\n");
        String tip = GiteeService.commit(lib, files, "main", "Newer");
        GitCheckoutTest.addSubmodule(temp.resolve("gitee/acme/secret.git"), "lib", "../lib.git", tip);
        Path module = workspace().resolve(".git/modules/lib");
        Path gitFile = workspace().resolve("lib/.git");
        Path elsewhere = temp.resolve("elsewhere.git");
        String origin = "[remote \"origin\"]\n\turl = " + evil.address() + "/a/b.git\n";
        switch (kind) {
            case "origin" -> Files.writeString(module.resolve("config"), origin);
            case "insteadOf" -> append(module.resolve("config"), insteadOf());
            case "commondir" -> {
                GiteeService.git(temp, "clone", "--quiet", "--bare", lib.toString(), elsewhere.toString());
                append(elsewhere.resolve("config"), insteadOf());
                Files.writeString(module.resolve("commondir"), elsewhere + "\n");
            }
            default -> {
                GiteeService.git(temp, "clone", "--quiet", "--bare", lib.toString(), elsewhere.toString());
                GiteeService.git(elsewhere, "update-ref", "-d", "refs/heads/main");
                Files.writeString(elsewhere.resolve("config"), "[core]\n\tbare = false\n" + origin);
                Files.delete(gitFile);
                if (kind.equals("gitfile")) {
                    Files.writeString(gitFile, "gitdir: " + elsewhere + "\n");
                } else {
                    Files.move(elsewhere, gitFile);
                }
            }
        }
        nothingIsSentElsewhere(true);
        assertThat(workspace().resolve("lib/app.json")).hasContent("{}");
    }

    @Test
    void theServerOfLargeFilesIsTheRepositorysOwnWhateverItsFilesSay() {
        RepositoryUrl url = RepositoryUrl.parse("https://gitee.com/acme/shop.git");
        assertThat(GitEnvironment.of(new EnvVars(), url, false, false).get("GIT_CONFIG_PARAMETERS"))
                .contains("'lfs.url=https://gitee.com/acme/shop.git/info/lfs'");
        assertThat(GitEnvironment.of(new EnvVars(), url, false, true).get("GIT_CONFIG_PARAMETERS"))
                .as("without a credential there is nothing to take")
                .doesNotContain("lfs.url");
    }
}
