package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The limits on a real controller: slots over a crash, cancelling, expiry, retries, pages. Skipped without one. */
@Timeout(400)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsControllerIT {
    /** A tree of grandchildren that ignore TERM and whose parent goes away. */
    private static final String STUBBORN = """
            (trap '' TERM; (trap '' TERM; exec -a %1$s sleep 7351) & (trap '' TERM; exec -a %1$s sleep 7351) & wait) &
            (setsid bash -c "trap '' TERM; exec -a %1$s sleep 7351" &)
            trap '' TERM; echo up; exec -a %1$s sleep 7351
            """;

    private static final Path PICTURES = Path.of("target", "controller");

    @TempDir
    static Path root;

    private static RealController controller;

    @BeforeAll
    static void boot() throws Exception {
        String war = System.getProperty("jenkins.war", "");
        String plugins = System.getProperty("jenkins.plugins", "");
        assumeTrue(
                !war.isEmpty() && !plugins.isEmpty(),
                "skipped: no real controller (give -Djenkins.war=PATH -Djenkins.plugins=DIR)");
        controller = RealController.start(
                Path.of(war), Path.of(plugins), Path.of(System.getProperty("minibuild.hpi")), root, "");
    }

    @AfterAll
    static void stop() throws IOException {
        if (controller != null) {
            Files.createDirectories(PICTURES);
            Files.writeString(PICTURES.resolve("limits-controller.log"), controller.log());
            controller.close();
        }
    }

    @Test
    @Order(1)
    void aLimitOfTimeEndsWhatRunsAndNamesItself() throws Exception {
        controller.createPipeline("late", """
                miniBuildLimits(timeoutMinutes: 0.05, onExpiry: 'unstable') {
                  node { sh '''#!/bin/bash
                    %s''' }
                }
                """.formatted(STUBBORN.formatted("late-sleeper")));
        long start = System.nanoTime();
        assertThat(controller.build("late")).isEqualTo("UNSTABLE");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(controller.console("late", 1))
                .contains("The limit timeoutMinutes = 0.05, set in the job (miniBuildLimits), was exceeded");
        assertThat(running("late-sleeper")).isEmpty();
    }

    @Test
    @Order(2)
    void memoryDiskIdleAndLogAreLimitedToo() throws Exception {
        controller.createPipeline("fat", """
                node { miniBuildLimits(memoryGigabytes: 0.1, onExpiry: 'failed') {
                  sh "perl -e '\\$x = \\"a\\" x 200000000; sleep 60'"
                } }
                """);
        controller.createPipeline("silent", """
                pipeline { agent any
                  options { miniBuildLimits(pool: 'claude', idleTimeoutMinutes: 0.05) }
                  stages { stage('s') { steps { sh 'sleep 60' } } } }
                """);
        controller.createPipeline("full", """
                node { miniBuildLimits(freeDiskGigabytes: 100000) { echo 'not reached' } }
                """);
        controller.createPipeline("big", """
                node { miniBuildLimits(workspaceGigabytes: 0.005, onExpiry: 'failed') {
                  sh 'head -c 8000000 /dev/zero > big; sleep 60'
                } }
                """);
        controller.createPipeline("talkative", """
                miniBuildLimits(logMegabytes: 0.2) {
                  node { sh 'echo first; seq 1 200000; echo last' }
                }
                echo 'after'
                """);
        for (String job : List.of("fat", "silent", "full", "big", "talkative")) {
            controller.start(job);
        }
        assertThat(controller.await("fat", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("fat", 1))
                .contains("memoryGigabytes = 0.1")
                .contains("perl");
        assertThat(controller.await("silent", 1, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.console("silent", 1)).contains("idleTimeoutMinutes = 0.05");
        assertThat(controller.await("full", 1, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.console("full", 1))
                .contains("freeDiskGigabytes = 100000")
                .doesNotContain("not reached\n[");
        assertThat(controller.await("big", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("big", 1)).contains("workspaceGigabytes = 0.005");
        assertThat(controller.await("talkative", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        String log = controller.console("talkative", 1);
        assertThat(log).contains("first\n", "were dropped here", "\n200000\nlast\n", "after");
        assertThat(log.length()).isLessThan(300_000);
    }

    private static List<String> running(String name) throws IOException {
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses().forEach(process -> {
            try {
                String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
                if (line.startsWith(name)) {
                    found.add(line);
                }
            } catch (IOException e) {
                // gone meanwhile
            }
        });
        return found;
    }
}
