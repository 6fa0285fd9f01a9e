package io.jenkins.plugins.minibuild.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.standin.Containers;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps in real containers; the login to a registry with a pretended engine. */
class ContainerStepsTest {
    @TempDir
    static Path shared;

    @TempDir
    Path root;

    private static Containers containers;

    private final HeardNews news = new HeardNews();
    private final String job = "c-" + UUID.randomUUID();
    private Path workspace;
    private AgentJobHost host;

    @BeforeAll
    static void image() throws Exception {
        containers = Containers.start(shared);
    }

    @AfterAll
    static void removeImage() throws Exception {
        if (containers != null) {
            containers.close();
        }
    }

    @BeforeEach
    void begin() throws IOException {
        workspace = Files.createDirectories(root.resolve("work space"));
        host = new AgentJobHost(
                new AgentJobHost.Agent(
                        new FilePath(workspace.toFile()),
                        new FilePath(root.resolve("work space@tmp").toFile()),
                        new Launcher.LocalLauncher(TaskListener.NULL),
                        Map.of()),
                news);
    }

    @AfterEach
    void end() throws Exception {
        host.kill(job);
        host.close();
    }

    private static StepOrder.ContainerOrder container(String entrypoint) {
        return new StepOrder.ContainerOrder(containers.command(), containers.image(), entrypoint, 0, 0, null);
    }

    private static StepOrder step(
            int index,
            List<String> shell,
            String command,
            Map<String, String> environment,
            StepOrder.ContainerOrder container) {
        return new StepOrder(index, shell, command, "", environment, container, Retry.NONE, true, false, false, false);
    }

    private static StepOrder step(int index, String command, Map<String, String> environment) {
        return step(index, List.of("sh", "-c"), command, environment, container(null));
    }

    private List<String> run(StepOrder... steps) throws IOException, InterruptedException {
        start(steps);
        return news.awaitEnd(job);
    }

    private void start(StepOrder... steps) throws IOException, InterruptedException {
        host.start(new JobOrder(job, List.of(steps), false, 600_000));
        host.follow(job, JobHost.Known.NOTHING);
    }

    @Test
    void aStepInAContainerSeesTheWorkspaceItsVariablesAndItsOutput() throws Exception {
        List<String> heard = run(step(
                0,
                "echo \"$A|$PATH|$DOCKER_X|$MINI_BUILD_STATUS\"; touch made; ls; env; echo o=$A >>\"$MINI_BUILD_OUTPUT\"; exit 7",
                Map.of("A", "it's\n\"two\"", "PATH", "/bin:/x", "DOCKER_X", "steers")));
        assertThat(heard).containsExactly("started 0", "ended 0 7", "over");
        assertThat(news.log(job, 0))
                .startsWith("it's\n\"two\"|/bin:/x|steers|succeeded\nmade\n")
                .doesNotContain("MINI_BUILD_V_");
        assertThat(workspace.resolve("made")).exists();
        assertThat(news.end(job, 0).outputs()).isEqualTo(Map.of("o", "it's \"two\""));
        assertThat(containers.names("mini-build-" + job)).isEmpty();
    }

    @Test
    void anImageThatIsNoPluginIsSaidToBeNone() throws Exception {
        assertThat(run(step(0, List.of(), "", Map.of("PIPELINE_A", "b"), container("/pipeline/plugin/run"))))
                .contains("ended 0 127");
        assertThat(news.log(job, 0))
                .contains("Exit code 127: the image " + containers.image() + " has no command /pipeline/plugin/run");
    }

    @Test
    void anEntrypointRunsAsItIs() throws Exception {
        assertThat(run(step(0, List.of(), "", Map.of("A", "b"), container("/bin/env"))))
                .contains("ended 0 0");
        assertThat(news.log(job, 0)).contains("A=b\n");
    }

    @Test
    void anImageThatIsNotThereFailsTheStep() throws Exception {
        StepOrder.ContainerOrder none = new StepOrder.ContainerOrder(
                containers.command(), "localhost/there-is-no-such-image:1", null, 0, 0, null);
        assertThat(run(step(0, List.of("sh", "-c"), "true", Map.of(), none))).contains("ended 0 125", "over");
        assertThat(news.log(job, 0)).contains("there-is-no-such-image");
    }

    @Test
    void aContainerIsEndedWithItsStep() throws Exception {
        start(
                step(0, "trap '' TERM; echo up; while :; do sleep 1; done", Map.of()),
                new StepOrder(
                        1,
                        List.of("sh", "-c"),
                        "echo post",
                        "",
                        Map.of(),
                        container(null),
                        Retry.NONE,
                        true,
                        true,
                        true,
                        false));
        news.awaitLog(job, 0, "up");
        assertThat(containers.names("mini-build-" + job)).hasSize(1);
        host.endStep(job, 0);
        assertThat(news.awaitEnd(job).subList(2, 5)).containsExactly("started 1", "ended 1 0", "over");
        assertThat(containers.names("mini-build-" + job)).isEmpty();
    }

    @Test
    void aKilledJobLeavesNoContainer() throws Exception {
        start(step(0, "trap '' TERM; echo up; while :; do sleep 1; done", Map.of()));
        news.awaitLog(job, 0, "up");
        host.kill(job);
        assertThat(news.awaitEnd(job).get(1)).startsWith("lost");
        assertThat(containers.names("mini-build-" + job)).isEmpty();
    }

    @Test
    void namesThatAreOptionsAreRefused() {
        StepOrder.ContainerOrder odd =
                new StepOrder.ContainerOrder(containers.command(), "--privileged", null, 0, 0, null);
        assertThatThrownBy(() -> start(step(0, List.of("sh", "-c"), "true", Map.of(), odd)))
                .hasMessageContaining("--privileged");
        assertThatThrownBy(() -> start(step(0, List.of(), "", Map.of("PATH", "/x"), container("/bin/env"))))
                .hasMessageContaining("PATH");
    }

    @Test
    void thePasswordOfARegistryGoesThroughAPipeOnly() throws Exception {
        Path calls = root.resolve("calls");
        Path engine =
                Files.writeString(root.resolve("docker"), """
                #!/bin/sh
                echo "$@" >>'%s'
                case "$*" in
                  --version) echo Docker version 27 ;;
                  info*) echo '[name=seccomp]' ;;
                  *"login --username"*) cat >'%s'; ls -ld "$2" | cut -c1-10 >>'%s'; printenv | grep -c MINI_BUILD_V_ >>'%s'; exit 0 ;;
                  *pull*bad*) echo denied >&2; exit 1 ;;
                  run*) echo ran ;;
                esac
                """.formatted(calls, root.resolve("password"), calls, calls));
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwxr-xr-x"));
        String password = "p4ss'\"$word-" + UUID.randomUUID();
        for (String image : List.of("registry.example.com/team/app:1", "registry.example.com/team/bad:1")) {
            String id = job + (image.contains("bad") ? "-bad" : "-good");
            host.start(new JobOrder(
                    id,
                    List.of(step(
                            0,
                            List.of("sh", "-c"),
                            "true",
                            Map.of(),
                            new StepOrder.ContainerOrder(
                                    engine.toString(),
                                    image,
                                    null,
                                    1.5,
                                    64 << 20,
                                    new StepOrder.Login("", "robot", password)))),
                    false,
                    0));
            host.follow(id, JobHost.Known.NOTHING);
            assertThat(news.awaitEnd(id)).contains(image.contains("bad") ? "ended 0 1" : "ended 0 0");
        }
        assertThat(news.log(job + "-good", 0)).isEqualTo("ran\n");
        assertThat(news.log(job + "-bad", 0)).startsWith("denied\n").doesNotContain("ran");
        assertThat(root.resolve("password")).hasContent(password);
        String seen = Files.readString(calls);
        assertThat(seen)
                .contains("login --username robot --password-stdin registry.example.com\ndrwx------\n0\n")
                .contains("pull --quiet registry.example.com/team/app:1")
                .contains("--cpus 1.500 --memory 67108864")
                .doesNotContain(password);
        Files.delete(root.resolve("password"));
        try (var files = Files.walk(root)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(each, StandardCharsets.ISO_8859_1)).doesNotContain(password);
                assertThat(each.toString()).doesNotContain("login.");
            }
        }
    }
}
