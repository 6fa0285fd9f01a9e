package io.jenkins.plugins.minibuild.demo;

import hudson.util.Secret;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramCiInstallation;
import io.jenkins.plugins.minibuild.pipeline.LocalPipeline;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.UploadKey;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** What {@code ./demo} runs: the example's Jenkinsfile against the stand-ins, and a page that shows what came of it. */
public final class Demo {
    private static final String APP_ID = "wx0123456789abcdef";
    private static final String TOKEN = "demo-token-4f8a1c73e9";

    private Demo() {}

    /** Arguments: the example's folder, the folder for the results, the folder with miniprogram-ci. */
    public static void main(String[] args) throws Exception {
        boolean succeeded = run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
        // Idle HTTP threads of the stand-ins must not keep the demo waiting.
        System.exit(succeeded ? 0 : 1);
    }

    static boolean run(Path example, Path results, Path npm) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(results).toRealPath();
        deleteContents(folder);
        Deadline clock = Deadline.after(Duration.ofMinutes(10));
        UploadKey key = UploadKey.generate();
        try (WeChatService weChat = WeChatService.start(Files.createDirectories(folder.resolve("wechat")));
                GiteeService gitee = GiteeService.start(Files.createDirectories(folder.resolve("gitee")))) {
            weChat.registerApp(APP_ID, key.publicKey());
            gitee.addToken(TOKEN, "demo", "projects");
            Path repository = gitee.createRepository("demo", "shop", true);
            GiteeService.commit(repository, example, "main", "feat: show the time on the first page");
            String url = gitee.gitUrl("demo", "shop");
            System.out.println("Stand-in of Gitee:  " + url);
            System.out.println("Stand-in of WeChat: " + weChat.proxyUrl() + " (proxy for " + WeChatService.HOST + ")");
            System.out.println();
            LocalBuild build = LocalBuild.in(folder.resolve("job"), System.out)
                    .with((Object) gitee.known())
                    .with(new StringCredentialsImpl(null, "gitee-token", "Gitee", Secret.fromString(TOKEN)))
                    .with(new StringCredentialsImpl(
                            null, "miniprogram-key", "Upload key", Secret.fromString(key.pem())))
                    .with(MiniprogramCiInstallation.class, "miniprogram-ci", npm)
                    .env("GITEE_URL", url)
                    .env("BUILD_NUMBER", "1");
            weChat.environment().forEach(build::env);
            LocalPipeline pipeline = new LocalPipeline(build);
            boolean succeeded = pipeline.run(Files.readString(example.resolve("Jenkinsfile")));
            Path page = folder.resolve("index.html");
            new DemoPage(build, pipeline.stepRuns(), weChat.uploads().size()).write(page);
            System.out.println();
            System.out.printf(
                    "%s in %.1f s. Open %s%n",
                    succeeded ? "Done" : "FAILED",
                    clock.length().minus(clock.remaining()).toMillis() / 1000.0,
                    page);
            return succeeded;
        }
    }

    private static void deleteContents(Path folder) throws IOException, InterruptedException {
        new hudson.FilePath(folder.toFile()).deleteContents();
    }
}
