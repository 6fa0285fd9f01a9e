package io.jenkins.plugins.minibuild.bench;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.miniprogram.TaskParameters;
import io.jenkins.plugins.minibuild.miniprogram.Upload;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.step.ProgressTrack;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/**
 * What an upload through the plugin costs over the bare command line of miniprogram-ci: same project, same stand-in of WeChat,
 * runs taken in turns. Prints medians and their ratio, which shall be at most 1.05, and the part of an upload that is not the phase in which miniprogram-ci
 * runs, which shall be at most 0.1 s.
 *
 * <p>Arguments: the number of pairs of runs (default 15).
 */
public final class DriverBenchmark {

    private static final String APP = "wx0123456789abcdef";
    private static final double LIMIT = 1.05;
    /** Seconds before and after miniprogram-ci. */
    private static final double MOST_AROUND = 0.1;

    private DriverBenchmark() {}

    /** Runs it; exit code 1 when the limit is missed. */
    public static void main(String[] args) throws Exception {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        Path root = Files.createTempDirectory("driver-benchmark");
        try {
            if (!measure(root, pairs)) {
                System.exit(1);
            }
        } finally {
            delete(root);
        }
    }

    private static boolean measure(Path root, int pairs) throws Exception {
        Path npm = Path.of(System.getProperty("minibuild.npm", "target/npm")).toAbsolutePath();
        Path command = npm.resolve("node_modules/.bin/miniprogram-ci");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        Path key = Files.writeString(root.resolve("key.pem"), pem(keys));
        Path cwd = Files.createDirectory(root.resolve("cwd"));
        try (WeChatService wechat = WeChatService.start(root)) {
            wechat.registerApp(APP, keys.getPublic());
            LocalBuild build = LocalBuild.in(root.resolve("build"));
            Path workspace = build.root().resolve("workspace");
            copy(Path.of("docs/examples/native-miniprogram"), workspace);
            wechat.environment().forEach(build::env);
            build.env("PATH", command.getParent() + ":" + System.getenv("PATH"));
            build.with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "key", "", Secret.fromString(pem(keys))));
            TaskParameters parameters = new TaskParameters(new MiniProgram(APP, ProjectType.MINI_PROGRAM, ""), "key");
            Upload upload = new Upload(parameters, "1.0.0");

            List<Double> plugin = new ArrayList<>();
            List<Double> bare = new ArrayList<>();
            List<Double> around = new ArrayList<>();
            for (int i = -1; i < pairs; i++) {
                boolean warm = i >= 0;
                // Each goes first every other time: what follows finds warmer caches and a busier machine.
                for (int turn = 0; turn < 2; turn++) {
                    long start = System.nanoTime();
                    if ((i + turn) % 2 == 0) {
                        upload.run(build);
                        add(plugin, start, warm);
                        if (warm) {
                            around.add((System.nanoTime() - start) / 1e9 - sending(build));
                        }
                    } else {
                        commandLine(command, workspace, key, cwd, wechat);
                        add(bare, start, warm);
                    }
                }
                System.out.printf(Locale.ROOT, "pair %d of %d%n", i + 1, pairs);
            }
            double ratio = median(plugin) / median(bare);
            System.out.printf(
                    Locale.ROOT, "miniprogram-ci, command line  %.3f s (median of %d)%n", median(bare), pairs);
            System.out.printf(
                    Locale.ROOT, "miniprogramUpload             %.3f s (median of %d)%n", median(plugin), pairs);
            System.out.printf(Locale.ROOT, "ratio                         %.3f (at most %.2f)%n", ratio, LIMIT);
            System.out.printf(
                    Locale.ROOT,
                    "before and after the sending  %.3f s (median; smallest %.3f s; at most %.1f s)%n",
                    median(around),
                    Collections.min(around),
                    MOST_AROUND);
            return ratio <= LIMIT && median(around) <= MOST_AROUND;
        }
    }

    /** Seconds of the phase of the last upload in which miniprogram-ci runs. */
    private static double sending(LocalBuild build) {
        List<ProgressTrack> tracks = new ArrayList<>(build.tracks().values());
        return tracks.get(tracks.size() - 1).phases().stream()
                        .filter(phase -> phase.name().equals("upload"))
                        .mapToLong(ProgressTrack.Phase::millis)
                        .sum()
                / 1e3;
    }

    private static void add(List<Double> times, long start, boolean warm) {
        if (warm) {
            times.add((System.nanoTime() - start) / 1e9);
        }
    }

    private static void commandLine(Path command, Path project, Path key, Path cwd, WeChatService wechat)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        command.toString(),
                        "upload",
                        "--pp",
                        project.toString(),
                        "--pkp",
                        key.toString(),
                        "--appid",
                        APP,
                        "--uv",
                        "1.0.0",
                        "--threads",
                        "0",
                        "--use-cos",
                        "false")
                .directory(cwd.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(wechat.environment());
        int exitCode = builder.start().waitFor();
        if (exitCode != 0) {
            throw new IOException("miniprogram-ci ended with " + exitCode);
        }
    }

    private static double median(List<Double> times) {
        List<Double> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String pem(KeyPair keys) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(keys.getPrivate());
        }
        return text.toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
