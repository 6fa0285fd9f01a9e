package io.jenkins.plugins.minibuild.claude;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.standin.ModelService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/**
 * A build with a small project in its workspace, the real claude command as a tool unless {@link #pretended} is called, and the stand-in of the
 * model's service.
 */
public final class ClaudeFixture implements AutoCloseable {
    public static final String KEY = "sk-test-7d1f6a0c";
    public static final String KEY_ID = "model-key";

    private static final Path PRETENDED =
            Path.of("src/test/resources/io/jenkins/plugins/minibuild/claude/pretended/claude");

    public final ModelService model;
    public final LocalBuild build;
    public final Path workspace;
    private Path tool = npm();

    public ClaudeFixture(Path root) throws IOException {
        model = ModelService.start();
        build = LocalBuild.in(root.resolve("build")).with(ClaudeInstallation.class, "claude", tool);
        build.with(new StringCredentialsImpl(CredentialsScope.GLOBAL, KEY_ID, "", Secret.fromString(KEY)));
        build.with((Object) new ClaudeSettings(KEY_ID, model.url(), null, List.of(), Glob.names(null)));
        build.env("GIT_TOKEN", "token-that-nobody-needs");
        workspace = build.root().resolve("workspace");
        Files.createDirectories(workspace.resolve("src"));
        Files.writeString(workspace.resolve("src/app.js"), "const a = 1;\nconst b = 2;\n");
        Files.writeString(workspace.resolve("package.json"), "{\"name\":\"shop\"}\n");
    }

    /** The folder whose node_modules holds the real claude. */
    public static Path npm() {
        return Path.of(System.getProperty("minibuild.npm", "target/npm")).toAbsolutePath();
    }

    /** With a command that speaks to the model's service as the real one does, and starts at once. */
    public ClaudeFixture pretended() throws IOException {
        Path home = Files.createDirectories(build.root().resolve("claude"));
        Path command = Files.copy(PRETENDED, home.resolve("claude"));
        if (!command.toFile().setExecutable(true)) {
            throw new IOException(command + " cannot be made executable");
        }
        return use(home);
    }

    /** With the real command again. */
    public ClaudeFixture real() {
        return use(npm());
    }

    private ClaudeFixture use(Path home) {
        tool = home;
        tooled(build);
        return this;
    }

    /** Gives another build the same command. */
    public LocalBuild tooled(LocalBuild other) {
        return other.with(ClaudeInstallation.class, "claude", tool);
    }

    /** In place of the real command: a shell script. */
    void pretend(String script) throws IOException {
        Path home = Files.createDirectories(build.root().resolve("pretended"));
        Path command = home.resolve("claude");
        Files.writeString(
                command,
                "#!/bin/sh\n[ \"$1\" = --version ] && { echo '2.1.197 (Claude Code)'; exit; }\n" + script + "\n");
        if (!command.toFile().setExecutable(true)) {
            throw new IOException(command + " cannot be made executable");
        }
        build.with(ClaudeInstallation.class, "pretended", home);
    }

    public ClaudeRequest request(Caps caps) {
        return request(List.of("Read", "Glob", "Grep", "Write", "Edit", "Bash"), caps, false, false, 0);
    }

    public ClaudeRequest request(List<String> tools, Caps caps, boolean trusted, boolean readOnly, int retries) {
        return new ClaudeRequest(
                "a test",
                "Do what the script says.",
                build.workspace(),
                null,
                new ClaudeRequest.Tools(tools, readOnly ? List.of() : tools, List.of()),
                new ClaudeRequest.Model(null, Secret.fromString(KEY), model.url(), List.of()),
                new ClaudeRequest.Rules(trusted, readOnly, retries, caps));
    }

    ClaudeResult run(ClaudeRequest request) throws IOException, InterruptedException {
        return run(request, null);
    }

    ClaudeResult run(ClaudeRequest request, String tool) throws IOException, InterruptedException {
        return ClaudeRun.of(build, ClaudeCli.find(build, tool, Isolation.none()), request)
                .retryDelay(Duration.ofMillis(20))
                .run();
    }

    public Path folder(int n) {
        return build.folder().resolve("claude-" + n);
    }

    /** The stored events of the folder's run, each with {@code seq}, {@code at} and {@code event} or {@code text}. */
    static List<JsonNode> events(Path folder) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(RunFolder.EVENTS))) {
            try {
                events.add(Json.MAPPER.readTree(line));
            } catch (JsonProcessingException e) {
                // A line without its end.
            }
        }
        return events;
    }

    /** Whether this machine can make the sandbox that a job gets by default. */
    public static boolean hasSandbox() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("sandbox");
        try {
            return new Isolation(null, Isolation.SandboxUse.AUTO, List.of())
                            .sandbox(
                                    new hudson.Launcher.LocalLauncher(hudson.model.TaskListener.NULL),
                                    new hudson.FilePath(scratch.toFile()),
                                    reason -> {})
                    != null;
        } finally {
            new hudson.FilePath(scratch.toFile()).deleteRecursive();
        }
    }

    /** Everything in the files below a folder that are text. */
    public static String content(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                all.append(each).append('\n').append(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        model.close();
    }
}
