package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.UploadKey;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * What a team has around its controller: Gitee with the repository {@code demo/shop}, WeChat with one app, and on the
 * controller what an admin sets once for them: the credentials {@code gitee-token}, {@code miniprogram-key} (a file) and
 * {@code key-as-text}, the tool {@code miniprogram-ci}, and {@code GITEE_URL} in the environment.
 */
final class MiniProgramSite implements AutoCloseable {
    static final String APP = "wx0123456789abcdef";

    private static final Path EXAMPLE = Path.of("docs/examples/native-miniprogram");

    final String token;
    final UploadKey key = UploadKey.generate();
    final WeChatService weChat;
    final GiteeService gitee;

    /**
     * @param token of the one account Gitee knows
     * @param message of the first commit
     */
    MiniProgramSite(RealController controller, Path folder, String token, String message) throws Exception {
        this.token = token;
        weChat = WeChatService.start(Files.createDirectories(folder.resolve("wechat")));
        weChat.registerApp(APP, key.publicKey());
        gitee = GiteeService.start(Files.createDirectories(folder.resolve("gitee")));
        gitee.addToken(token, "demo", "projects");
        GiteeService.commit(gitee.createRepository("demo", "shop", true), EXAMPLE, "main", message);
        configure(controller);
    }

    /** As an admin would by hand; over HTTP, so that no secret is in a file of ours. */
    private void configure(RealController controller) throws IOException, InterruptedException {
        StringBuilder environment = new StringBuilder("new EnvironmentVariablesNodeProperty.Entry('GITEE_URL', '%s')"
                .formatted(gitee.gitUrl("demo", "shop")));
        weChat.environment()
                .forEach((name, value) -> environment.append(
                        ", new EnvironmentVariablesNodeProperty.Entry('%s', '%s')".formatted(name, value)));
        String answer = controller.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import hudson.slaves.EnvironmentVariablesNodeProperty
                import hudson.util.Secret
                import io.jenkins.plugins.minibuild.miniprogram.MiniprogramCiInstallation
                import jenkins.model.Jenkins
                import org.jenkinsci.plugins.plaincredentials.impl.*
                def store = SystemCredentialsProvider.instance.store
                def key = new String(Base64.decoder.decode('%s'), 'UTF-8')
                [new StringCredentialsImpl(CredentialsScope.GLOBAL, 'gitee-token', 'Gitee', Secret.fromString('%s')),
                 new FileCredentialsImpl(CredentialsScope.GLOBAL, 'miniprogram-key', 'Upload key', 'private.key',
                     SecretBytes.fromRawBytes(key.bytes)),
                 new StringCredentialsImpl(CredentialsScope.GLOBAL, 'key-as-text', 'Upload key', Secret.fromString(key))
                ].each { store.addCredentials(Domain.global(), it) }
                Jenkins.get().globalNodeProperties.add(new EnvironmentVariablesNodeProperty([%s]))
                Jenkins.get().getDescriptorByType(MiniprogramCiInstallation.DescriptorImpl).setInstallations(
                    new MiniprogramCiInstallation('miniprogram-ci', '%s', []))
                Jenkins.get().save()
                print 'configured'
                """.formatted(
                        Base64.getEncoder().encodeToString(key.pem().getBytes(StandardCharsets.UTF_8)),
                        token,
                        environment,
                        Path.of(System.getProperty("minibuild.npm")).toAbsolutePath()));
        controller.script(RealController.knowing("gitee", gitee.authority()));
        assertThat(answer).isEqualTo("configured");
    }

    @Override
    public void close() {
        weChat.close();
        gitee.close();
    }
}
