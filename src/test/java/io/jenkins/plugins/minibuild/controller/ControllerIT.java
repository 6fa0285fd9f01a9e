package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin on a real controller. Skipped, and it says so, unless -Djenkins.war and -Djenkins.plugins name one. */
@Timeout(600)
class ControllerIT {
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
        assertThat(Path.of(war)).exists();
        assertThat(Path.of(plugins)).isDirectory();
        controller = RealController.start(
                Path.of(war), Path.of(plugins), Path.of(System.getProperty("minibuild.hpi")), root, "");
        controller.startAgent();
    }

    @AfterAll
    static void stop() throws IOException {
        if (controller != null) {
            controller.close();
        }
    }

    @Test
    void startsWithoutAWarningAboutThePlugin() throws Exception {
        assertThat(controller.json("pluginManager/api/json?depth=1").findParents("shortName"))
                .filteredOn(plugin -> plugin.get("shortName").asText().equals("mini-build"))
                .singleElement()
                .satisfies(
                        plugin -> assertThat(plugin.get("active").asBoolean()).isTrue());
        assertThat(controller.log().lines().filter(line -> line.matches(".*\\b(SEVERE|WARNING)\\b.*")))
                .isEmpty();
    }
}
