package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckoutCredentialsTest extends CheckoutTestBase {
    private String secretUrl;
    private Path secret;
    private String commit;

    @BeforeEach
    void privateRepository() throws Exception {
        secret = gitee.createRepository("acme", "secret", true);
        commit = GiteeService.commit(secret, files, "main", "Secret");
        secretUrl = gitee.gitUrl("acme", "secret");
        gitee.addToken(TOKEN, "acme", "projects", "user_info");
        build.with(token("gitee-token", TOKEN));
    }

    private CommitInfo checkoutSecret(String credentialsId) throws Exception {
        return checkout(build, secretUrl, o -> o.credentialsId(credentialsId));
    }

    private void refusedSecret(String credentialsId, String... words) {
        assertThatThrownBy(() -> checkoutSecret(credentialsId))
                .isInstanceOf(hudson.AbortException.class)
                .hasMessageContainingAll(words);
        assertThat(build.log()).doesNotContain(TOKEN);
    }

    @Test
    void aTokenReadsAPrivateRepository() throws Exception {
        assertThat(checkoutSecret("gitee-token").commit()).isEqualTo(commit);
    }

    @Test
    void aUserNameWithPasswordReadsAPrivateRepository() throws Exception {
        gitee.addAccount("acme", "p@ss wörd%41");
        build.with(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "login", "", "acme", "p@ss wörd%41"));

        assertThat(checkoutSecret("login").commit()).isEqualTo(commit);
    }

    @Test
    void theTokenIsNowhereButInTheCredential() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Set<String> arguments = ConcurrentHashMap.newKeySet();
        Thread watch = new Thread(() -> {
            while (!done.get()) {
                ProcessHandle.allProcesses()
                        .forEach(process -> process.info().commandLine().ifPresent(arguments::add));
            }
        });
        watch.start();
        try {
            checkoutSecret("gitee-token");
            GiteeService.commit(secret, files, "main", "More");
            build = build.next();
            checkoutSecret("gitee-token");
        } finally {
            done.set(true);
            watch.join();
        }

        String basic = Base64.getEncoder().encodeToString(("oauth2:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        assertThat(arguments).anyMatch(line -> line.contains("git") && line.contains("fetch"));
        assertThat(arguments).noneMatch(line -> line.contains(TOKEN) || line.contains(basic));
        assertThat(holding(build.root(), TOKEN)).isEmpty();
        assertThat(holding(build.root(), basic)).isEmpty();
        assertThat(build.log()).doesNotContain(TOKEN, basic);
        assertThat(names(build.root(), "none")).noneMatch(name -> name.contains("jenkins-gitclient"));
    }

    @Test
    void theTokenIsNotGivenToACredentialHelperOfTheAgent() throws Exception {
        Path home = Files.createDirectories(temp.resolve("home"));
        Path stored = temp.resolve("stored");
        Files.writeString(home.resolve(".gitconfig"), "[credential]\n\thelper = store --file=" + stored + "\n");
        build.env("HOME", home.toString());

        checkoutSecret("gitee-token");

        assertThat(stored).doesNotExist();
    }

    @Test
    void aRevokedTokenIsNamedAsTheCause() throws Exception {
        gitee.revokeToken(TOKEN);

        refusedSecret("gitee-token", "Gitee refuses the token", "Access token does not exist", "Create a new one");
        assertThat(gitee.requests()).noneMatch(request -> request.path().contains("upload-pack"));
    }

    @Test
    void aTokenWithoutTheScopeIsNamedAsTheCause() throws Exception {
        gitee.addToken(TOKEN, "acme", "user_info");

        refusedSecret("gitee-token", "lacks the scope \"projects\"", "acme/secret");
    }

    @Test
    void anUnknownRepositoryIsNamedAsTheCause() throws Exception {
        assertThatThrownBy(() -> checkout(build, gitee.gitUrl("acme", "shpo"), o -> o.credentialsId("gitee-token")))
                .hasMessageContaining("there is no repository acme/shpo");
        assertThatThrownBy(() -> checkout(build, gitee.gitUrl("acme", "shpo"), o -> o))
                .hasMessageContaining("there is no public repository acme/shpo");
    }

    @Test
    void withoutTheApiGitSaysTheSame() throws Exception {
        assertThatThrownBy(() -> checkout(build, secretUrl, o -> o.verify(false)))
                .hasMessageContaining("cannot be read without a login");
        assertThatThrownBy(() -> checkout(build, gitee.gitUrl("acme", "none"), o -> o.verify(false)
                        .credentialsId("gitee-token")))
                .hasMessageContaining("There is no repository");
        gitee.addToken(TOKEN, "stranger", "projects");
        assertThatThrownBy(() -> checkout(build, secretUrl, o -> o.verify(false).credentialsId("gitee-token")))
                .hasMessageContaining("may not read");
        gitee.revokeToken(TOKEN);
        assertThatThrownBy(() -> checkout(build, secretUrl, o -> o.verify(false).credentialsId("gitee-token")))
                .hasMessageContaining("refuses the credential \"gitee-token\"");
        assertThat(build.log()).doesNotContain("Trying again").doesNotContain(TOKEN);
    }

    @Test
    void aWrongPasswordIsNotTriedAgain() throws Exception {
        build.with(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "login", "", "acme", "wrong-password"));

        refusedSecret("login", "refuses the credential \"login\"");
        assertThat(build.log()).doesNotContain("Trying again").doesNotContain("wrong-password");
    }

    @Test
    void aMissingOrUnfitCredentialIsNamed() throws Exception {
        build.with(new FileCredentialsImpl(
                CredentialsScope.GLOBAL, "file", "", "key", SecretBytes.fromRawBytes(new byte[] {1})));
        build.with(token("blank", " "));

        refusedSecret("nobody", "nobody", "token");
        refusedSecret("file", "\"file\" is of another kind", "secret text");
        refusedSecret("blank", "\"blank\" is empty");
        assertThatThrownBy(
                        () -> checkout(build, "ssh://git@127.0.0.1/acme/shop.git", o -> o.credentialsId("gitee-token")))
                .hasMessageContaining("Choose an SSH key");
    }

    @Test
    void aWarmMirrorServesNobodyWhoMayNotReadTheRepository() throws Exception {
        checkoutSecret("gitee-token");
        LocalBuild stranger = LocalBuild.in(temp.resolve("jenkins"));

        for (String asked : new String[] {"", commit}) {
            assertThatThrownBy(() -> checkout(stranger, secretUrl, o -> o.verify(false)
                            .commit(asked)
                            .directory("mine")))
                    .hasMessageContaining("cannot be read without a login");
        }
        gitee.revokeToken(TOKEN);
        assertThatThrownBy(() -> checkout(
                        build, secretUrl, o -> o.verify(false).commit(commit).credentialsId("gitee-token")))
                .hasMessageContaining("refuses the credential");

        assertThat(workspace().resolve("mine/app.json")).doesNotExist();
    }

    @Test
    void aServiceThatCannotSayOnlyWarns() throws Exception {
        gitee.failRequests(1, 500);
        assertThat(checkoutSecret("gitee-token").commit()).isEqualTo(commit);
        assertThat(build.log()).contains("Warning: Gitee answered with the status 500");

        gitee.failRequests(1, 429);
        assertThat(checkoutSecret("gitee-token").commit()).isEqualTo(commit);
        assertThat(build.log()).contains("Warning: Gitee limits the rate");
    }

    @Test
    void submodulesOnAnotherServerDoNotGetTheCredential() throws Exception {
        try (GiteeService other = GiteeService.start(temp.resolve("other"))) {
            Path evil = other.createRepository("evil", "lib", true);
            String tip = GiteeService.commit(evil, files, "main", "Evil");
            GitCheckoutTest.addSubmodule(secret, "lib", other.gitUrl("evil", "lib"), tip);
            other.addToken(TOKEN, "evil", "projects");

            assertThatThrownBy(() -> checkout(build, secretUrl, o -> o.credentialsId("gitee-token")
                            .submodules(true)))
                    .hasMessageContaining("git");

            assertThat(other.requests()).isNotEmpty().allMatch(request -> request.account()
                    .isEmpty());
        }
    }

    @Test
    void submodulesOnTheSameServerGetTheCredential() throws Exception {
        Path lib = gitee.createRepository("acme", "lib", true);
        String tip = GiteeService.commit(lib, files, "main", "Lib");
        GitCheckoutTest.addSubmodule(secret, "lib", "../lib.git", tip);

        checkout(build, secretUrl, o -> o.credentialsId("gitee-token")
                .submodules(true)
                .directory("code"));

        assertThat(workspace().resolve("code/lib/app.json")).exists();
        assertThat(workspace().resolve("code@tmp")).doesNotExist();
        assertThat(holding(build.root(), TOKEN)).isEmpty();
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> checkout(build, secretUrl.replace("//", "//acme:" + TOKEN + "@"), o -> o))
                .hasMessageContaining("holds a user name or password")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void withoutTheAdministratorsWordNoCredentialGoesUnencrypted() throws Exception {
        LocalBuild other = LocalBuild.in(temp.resolve("other-jenkins")).with(token("gitee-token", TOKEN));
        gitee.forgetRequests();
        assertThatThrownBy(() -> checkout(other, secretUrl, o -> o.credentialsId("gitee-token")))
                .hasMessageContainingAll("unencrypted", gitee.url(), "https", "administrator");
        assertThat(gitee.requests()).isEmpty();
    }
}
