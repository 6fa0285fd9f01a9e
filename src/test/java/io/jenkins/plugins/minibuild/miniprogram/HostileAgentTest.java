package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.standin.HostileTrial;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A preview on an agent that lies, or never answers. */
class HostileAgentTest {
    @TempDir
    private Path root;

    private static HostileTrial.Subject open(Path folder) throws Exception {
        Fixture fixture = new Fixture(folder);
        Files.writeString(fixture.workspace.resolve("package.json"), "{}");
        return new HostileTrial.Subject() {
            @Override
            public LocalBuild build() {
                return fixture.build;
            }

            @Override
            public void run() throws Exception {
                fixture.preview().run(fixture.build);
            }

            @Override
            public void close() throws Exception {
                fixture.close();
            }
        };
    }

    @Test
    @Tag("slow")
    void aLyingAgentHarmsItsOwnBuildOnly() throws Exception {
        HostileTrial trial = new HostileTrial(root, HostileAgentTest::open);
        var asked = trial.asked();
        assertThat(asked).extracting(Class::getSimpleName).contains("Prepare", "ReadPicture", "Look", "FileSizes");
        trial.lies(asked);
    }

    @Test
    void aPreviewEndsWhenTheAgentNeverAnswers() throws Exception {
        HostileTrial trial = new HostileTrial(root, HostileAgentTest::open);
        trial.neverAnswers(trial.asked());
    }
}
