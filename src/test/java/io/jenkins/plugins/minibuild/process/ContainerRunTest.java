package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.standin.Containers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real containers; skipped where there is no engine. */
@Timeout(120)
class ContainerRunTest {
    /** As process 1 it has to handle TERM to end by it; it does not. */
    private static final String STUBBORN = "trap '' TERM; sleep 7411 & sleep 7411 & wait; sleep 7411";

    @TempDir
    static Path folder;

    private static Containers containers;

    private final Launcher launcher = new Launcher.LocalLauncher(TaskListener.NULL);
    private final List<String> lines = new ArrayList<>();

    @TempDir
    Path outside;

    private FilePath workspace;

    @BeforeAll
    static void engine() throws Exception {
        containers = Containers.start(folder);
    }

    @AfterAll
    static void remove() throws IOException {
        if (containers != null) {
            containers.close();
        }
    }

    @BeforeEach
    void workspace() throws IOException {
        workspace = new FilePath(
                Files.createDirectory(outside.resolve("my workspace")).toFile());
    }

    private ContainerRun sh(String script) throws IOException, InterruptedException {
        ContainerRun run = ContainerRun.of(
                        ContainerEngine.on(launcher, workspace, containers.command()),
                        launcher,
                        workspace,
                        containers.image(),
                        List.of("/bin/sh", "-c", script))
                .network("none");
        run.process().onLine(lines::add);
        return run;
    }

    private static void assertGone(ContainerRun run, String mark) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        while (!containers.names(run.name()).isEmpty() && !deadline.expired()) {
            Thread.sleep(100);
        }
        assertThat(containers.names(run.name())).isEmpty();
        assertThat(argumentsWith(mark)).isEmpty();
    }

    private static List<String> argumentsWith(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (line.contains(text)) {
                        found.add(line);
                    }
                } catch (IOException e) {
                    // ended meanwhile
                }
            }
        }
        return found;
    }

    @Test
    void runsInTheWorkspaceAndSeesNothingElseOfTheAgent() throws Exception {
        Path secret = Files.writeString(outside.resolve("neighbour"), "not yours");
        ContainerRun run = sh("cat > from-inside; test -e '" + secret + "' || echo hidden; exit 3");
        run.process().stdin("the input\n");

        assertThat(run.run().exitCode()).isEqualTo(3);
        assertThat(lines).containsExactly("hidden");
        assertThat(workspace.child("from-inside").readToString()).isEqualTo("the input\n");
        Path file = Path.of(workspace.child("from-inside").getRemote());
        assertThat(Files.getOwner(file)).isEqualTo(Files.getOwner(secret));
        assertGone(run, "from-inside");
    }

    @Test
    void aSecretVariableArrivesAndIsInNoArgumentListNorInTheLog() throws Exception {
        String secret = "s3cret-" + System.nanoTime();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ContainerRun run =
                sh("echo ${#TOKEN} $PATH; sleep 3").env("TOKEN", secret).visibleEnv("PATH", "/bin:/mine");
        run.process().echo(new StreamTaskListener(log, StandardCharsets.UTF_8));
        CompletableFuture<ProcessResult> end = CompletableFuture.supplyAsync(() -> {
            try {
                return run.run();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        boolean seen = false;
        while (!end.isDone()) {
            assertThat(argumentsWith(secret)).isEmpty();
            seen |= !argumentsWith("sleep\0" + "3").isEmpty();
            Thread.sleep(50);
        }
        assertThat(end.get().exitCode()).isZero();
        assertThat(seen).isTrue();
        assertThat(lines).containsExactly(secret.length() + " /bin:/mine");
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("--env TOKEN").doesNotContain(secret);
    }

    @Test
    void theDeadlineEndsWhatIgnoresTermAndRemovesTheContainer() throws Exception {
        ContainerRun run = sh(STUBBORN);
        run.process().deadline(Deadline.after(Duration.ofSeconds(2)));
        long start = System.nanoTime();

        assertThatThrownBy(run::run)
                .isInstanceOf(CommandTimeoutException.class)
                .hasMessageContaining("in a container of " + containers.image());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
        assertGone(run, "7411");
    }

    @Test
    void anAbortEndsItToo() throws Exception {
        ContainerRun run = sh("echo up; " + STUBBORN);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                run.run();
                end.complete(null);
            } catch (Throwable t) {
                end.complete(t);
            }
        });
        thread.start();
        while (lines.isEmpty()) {
            assertThat(end).isNotDone();
            Thread.sleep(50);
        }
        thread.interrupt();
        assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertGone(run, "7411");
    }

    @Test
    void whenTheAgentIsKilledTheContainerEnds() throws Exception {
        Process agent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentMain.class.getName(),
                        containers.command(),
                        containers.image(),
                        workspace.getRemote())
                .redirectErrorStream(true)
                .redirectOutput(outside.resolve("agent.log").toFile())
                .start();
        try {
            while (argumentsWith("sleep\0" + "7412").isEmpty()) {
                assertThat(agent.isAlive())
                        .as(Files.readString(outside.resolve("agent.log")))
                        .isTrue();
                Thread.sleep(50);
            }
            agent.destroyForcibly().waitFor();
            Deadline deadline = Deadline.after(Duration.ofSeconds(12));
            while (!(argumentsWith("sleep 7412").isEmpty()
                            && argumentsWith("sleep\0" + "7412").isEmpty())
                    && !deadline.expired()) {
                Thread.sleep(50);
            }
            assertThat(argumentsWith("sleep 7412")).isEmpty();
            assertThat(argumentsWith("sleep\0" + "7412")).isEmpty();
        } finally {
            agent.destroyForcibly();
        }
    }

    /** Stands for an agent's JVM. */
    static final class AgentMain {
        public static void main(String[] arguments) throws Exception {
            Launcher local = new Launcher.LocalLauncher(TaskListener.NULL);
            FilePath here = new FilePath(Path.of(arguments[2]).toFile());
            ContainerRun.of(
                            ContainerEngine.on(local, here, arguments[0]),
                            local,
                            here,
                            arguments[1],
                            List.of("/bin/sh", "-c", "trap '' TERM; sleep 7412; sleep 7412"))
                    .network("none")
                    .run();
        }
    }

    @Test
    void itCarriesTheMarkOfTheLimitsAroundIt() throws Exception {
        EnvVars build = new EnvVars();
        build.put(ContainerRun.LIMITS_MARK, "some-block");
        build.put("PASSWORD", "stays outside");
        sh("echo $MINI_BUILD_LIMITS $PASSWORD").within(build).run();
        assertThat(lines).containsExactly("some-block");
    }

    @Test
    void theEnginesOwnFailureIsToldApart() throws Exception {
        ContainerRun run = ContainerRun.of(
                        ContainerEngine.on(launcher, workspace, containers.command()),
                        launcher,
                        workspace,
                        "localhost/there-is-no-such-image:1",
                        List.of("true"))
                .network("none");
        assertThatThrownBy(run::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("could not run the image 'localhost/there-is-no-such-image:1'");
        assertThatThrownBy(() -> ContainerEngine.on(launcher, workspace, "no-such-engine"))
                .isInstanceOf(CommandNotFoundException.class);
    }

    @Test
    void whatWouldSteerTheEngineIsRefused() throws Exception {
        assertThatThrownBy(() -> sh("true").env("DOCKER_HOST", "tcp://elsewhere"))
                .hasMessageContaining("visibleEnv");
        assertThatThrownBy(() -> sh("true").env("A B", "")).hasMessageContaining("no name");
        assertThatThrownBy(() -> sh("true")
                        .mount(new FilePath(Path.of("/a,readonly=false").toFile()), true))
                .hasMessageContaining("cannot be mounted");
        ContainerEngine any = new ContainerEngine("docker", false, false, 0, 0);
        assertThatThrownBy(() -> ContainerRun.of(any, launcher, workspace, "--privileged", List.of("true")))
                .hasMessageContaining("no name of a container image");
    }

    @Test
    void filesBelongToTheAgentsUserWhateverTheEngine() {
        assertThat(new ContainerEngine("docker", false, false, 1000, 1001).userOptions())
                .containsExactly("--user", "1000:1001");
        assertThat(new ContainerEngine("docker", false, true, 1000, 1001).userOptions())
                .containsExactly("--user", "0:0");
        assertThat(new ContainerEngine("podman", true, true, 1000, 1001).userOptions())
                .containsExactly("--userns=keep-id", "--user", "1000:1001");
        assertThat(new ContainerEngine("podman", true, false, 0, 0).userOptions())
                .isEmpty();
    }
}
