package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.standin.HostileTrial;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code generation on an agent that lies, or never answers. */
class HostileCodegenTest {
    @TempDir
    private Path root;

    private static HostileTrial.Subject open(Path folder) throws Exception {
        CodegenFixture codegen = new CodegenFixture(folder);
        codegen.claude.pretended();
        codegen.claude.model.script(
                Turn.tool("Write", Map.of("file_path", "src/one.js", "content", "one()\n")), Turn.text("Done."));
        return new HostileTrial.Subject() {
            @Override
            public LocalBuild build() {
                return codegen.claude.build;
            }

            @Override
            public void run() throws Exception {
                codegen.run();
            }

            @Override
            public void close() {
                codegen.close();
            }
        };
    }

    @Test
    @Tag("slow")
    void anAgentThatLiesOrNeverAnswersHarmsItsOwnBuildOnly() throws Exception {
        HostileTrial trial = new HostileTrial(root, HostileCodegenTest::open);
        List<Class<?>> asked = trial.asked();
        assertThat(asked).extracting(Class::getSimpleName).contains("Open", "Ask", "FetchWork");
        trial.neverAnswers(asked);
        trial.lies(asked);
    }
}
