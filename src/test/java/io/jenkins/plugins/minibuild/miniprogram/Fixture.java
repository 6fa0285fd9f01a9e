package io.jenkins.plugins.minibuild.miniprogram;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.PreviewSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.standin.UploadKey;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** A build with the example project in its workspace, its key as a credential, and the stand-in of WeChat. */
public final class Fixture implements AutoCloseable {

    public static final String APP = "wx0123456789abcdef";
    static final String KEY_ID = "miniprogram-key";

    private static final Path EXAMPLE = Path.of("docs/examples/native-miniprogram");
    private static final Path PRETENDED =
            Path.of("src/test/resources/io/jenkins/plugins/minibuild/miniprogram/pretended");
    private static final UploadKey KEY = UploadKey.generate();

    final WeChatService wechat;
    final LocalBuild build;
    final Path workspace;
    private Path npm;

    /** With a module that pretends to be miniprogram-ci, unless {@link #real} is called. */
    Fixture(Path root) throws IOException {
        wechat = WeChatService.start(Files.createDirectories(root.resolve("ca")));
        wechat.registerApp(APP, KEY.publicKey());
        build = LocalBuild.in(root.resolve("build"));
        workspace = build.root().resolve("workspace");
        copy(EXAMPLE, workspace);
        wechat.environment().forEach(build::env);
        use(pretended(root.resolve("npm")));
        build.with(secret(KEY_ID, KEY.pem()));
    }

    static StringCredentialsImpl secret(String id, String text) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(text));
    }

    /** With the real miniprogram-ci from npm. */
    Fixture real() {
        return use(Path.of(System.getProperty("minibuild.npm", "target/npm")).toAbsolutePath());
    }

    /** The folder whose node_modules holds miniprogram-ci. */
    Path npm() {
        return npm;
    }

    private Fixture use(Path folder) {
        npm = folder;
        build.env("PATH", npm.resolve("node_modules/.bin") + ":" + System.getenv("PATH"));
        return this;
    }

    private static Path pretended(Path folder) throws IOException {
        Path module = folder.resolve("node_modules/miniprogram-ci");
        copy(PRETENDED, Files.createDirectories(module.getParent()).resolve("miniprogram-ci"));
        Path command = module.resolve("bin/miniprogram-ci.js");
        if (!command.toFile().setExecutable(true)) {
            throw new IOException(command + " cannot be made executable");
        }
        Path bin = Files.createDirectory(folder.resolve("node_modules/.bin"));
        Files.createSymbolicLink(bin.resolve("miniprogram-ci"), command);
        return folder;
    }

    UploadKey key() {
        return KEY;
    }

    TaskParameters parameters() {
        return new TaskParameters(new MiniProgram(APP, ProjectType.MINI_PROGRAM, ""), KEY_ID);
    }

    /** Commands of a step without a profile. */
    public static BuildCommands commands(
            boolean install, String installCommand, String buildCommand, String outputPath) {
        return new BuildCommands("native", install, installCommand, buildCommand, outputPath, false, 30.0);
    }

    /** The plan of {@link #commands}. */
    public static BuildPlan plan(boolean install, String installCommand, String buildCommand, String outputPath) {
        return new BuildPlan(commands(install, installCommand, buildCommand, outputPath), false);
    }

    /** No commands, and this time for everything. */
    static BuildCommands within(double minutes) {
        return new BuildCommands(null, null, null, null, null, null, minutes).or(BuildCommands.WITHOUT_PROFILE);
    }

    Upload upload() {
        return new Upload(parameters(), "1.2.3");
    }

    Preview preview() {
        PreviewSettings settings = new PreviewSettings(null, null, "pages/index/index", "tea=green", null, null);
        return new Preview(parameters().robots(new Robots(2, null)), settings.or(PreviewSettings.WITHOUT_PROFILE));
    }

    /** Names of what is left in the temporary folder of the build; empty when all was cleaned up. */
    List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(build.root().resolve("workspace@tmp"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
        }
    }

    /** Command lines of processes that work for this build. */
    List<String> processes() {
        String root = build.root().toString();
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(root))
                .collect(Collectors.toList());
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Override
    public void close() {
        wechat.close();
    }
}
