package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A stand-in of Gitee with one repository of a small mini program, {@code acme/shop}, and a build on this machine. */
abstract class CheckoutTestBase {
    static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";

    @TempDir
    Path temp;

    GiteeService gitee;
    Path shop;
    Path files;
    String first;
    String url;
    LocalBuild build;

    @BeforeEach
    void startGitee() throws Exception {
        gitee = GiteeService.start(temp.resolve("gitee"));
        shop = gitee.createRepository("acme", "shop", false);
        url = gitee.gitUrl("acme", "shop");
        files = Files.createDirectories(temp.resolve("files"));
        write("app.json", "{\"pages\":[\"pages/index\"]}\n");
        write("pages/index.js", "Page({})\n");
        first = commit("main", "First pages");
        build = LocalBuild.in(temp.resolve("jenkins"))
                .with((Object) gitee.known())
                .with(Http.over(HttpClient.newBuilder(), Duration.ofSeconds(2), 1 << 20));
    }

    @AfterEach
    void stopGitee() {
        gitee.close();
    }

    void write(String name, String content) throws IOException {
        Path file = files.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    String commit(String branch, String message) throws IOException, InterruptedException {
        return GiteeService.commit(shop, files, branch, message);
    }

    CommitInfo checkout() throws IOException, InterruptedException {
        return checkout(options -> options);
    }

    CommitInfo checkout(UnaryOperator<CheckoutOptions> options) throws IOException, InterruptedException {
        return checkout(build, url, options);
    }

    CommitInfo checkout(LocalBuild in, String from, UnaryOperator<CheckoutOptions> options)
            throws IOException, InterruptedException {
        return options.apply(GitCheckout.of(from).retryDelay(Duration.ofMillis(20)))
                .build()
                .run(in);
    }

    AbstractThrowableAssert<?, ? extends Throwable> refused(UnaryOperator<CheckoutOptions> options) {
        return assertThatThrownBy(() -> checkout(options)).isInstanceOf(AbortException.class);
    }

    static StandardCredentials token(String id, String value) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "the bot", Secret.fromString(value));
    }

    Path workspace() {
        return build.root().resolve("workspace");
    }

    Path mirrors() {
        return build.root().resolve("agent/mini-build/mirrors");
    }

    Path mirror() {
        return mirrors().resolve(RepositoryUrl.parse(url).key() + ".git");
    }

    /** The files of the workspace without those of git. */
    List<String> workspaceFiles() throws IOException {
        return names(workspace(), ".git");
    }

    static List<String> names(Path root, String without) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> !name.startsWith(without + "/") && !name.contains("/" + without + "/"))
                    .sorted()
                    .toList();
        }
    }

    static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        return GiteeService.output(folder, arguments);
    }

    /** Files below the root that hold a text, in whatever form. */
    static List<Path> holding(Path root, String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> contains(file, wanted))
                    .toList();
        }
    }

    private static boolean contains(Path file, byte[] wanted) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .contains(new String(wanted, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }
}
