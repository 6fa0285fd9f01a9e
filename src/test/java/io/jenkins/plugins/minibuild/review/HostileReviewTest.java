package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.claude.ClaudeFixture;
import io.jenkins.plugins.minibuild.pipeline.StepRegistry;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.HostileTrial;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A review by a model on an agent that lies, or never answers. */
class HostileReviewTest {
    @TempDir
    private Path root;

    private static HostileTrial.Subject open(Path folder) throws Exception {
        ClaudeFixture fixture = new ClaudeFixture(folder).pretended();
        Path shop = fixture.workspace;
        Path server = Files.createDirectories(folder.resolve("gitee/server.git"));
        GiteeService.git(server, "init", "--quiet", "--bare", "-b", "main");
        GiteeService.git(shop, "init", "--quiet", "-b", "main");
        GiteeService.git(shop, "add", "--all");
        GiteeService.git(shop, "commit", "--quiet", "-m", "first");
        GiteeService.git(shop, "switch", "--quiet", "-c", "feature");
        Files.writeString(shop.resolve("src/app.js"), "const a = 1;\nconst b = eval(input);\n");
        GiteeService.git(shop, "commit", "--quiet", "--all", "-m", "second");
        GiteeService.git(shop, "push", "--quiet", server.toString(), "refs/heads/*:refs/heads/*");
        fixture.model.script(AiReviewTest.report(80, List.of()));
        AiReviewStep step = (AiReviewStep)
                StepRegistry.fromIndex().step("aiReview", Map.of("base", "main", "url", server.toString()));
        return new HostileTrial.Subject() {
            @Override
            public LocalBuild build() {
                return fixture.build;
            }

            @Override
            public void run() throws Exception {
                step.task().run(fixture.build);
            }

            @Override
            public void close() {
                fixture.close();
            }
        };
    }

    @Test
    void aReviewEndsWhenTheAgentNeverAnswers() throws Exception {
        HostileTrial trial = new HostileTrial(root, HostileReviewTest::open);
        List<Class<?>> asked = trial.asked();
        assertThat(asked).extracting(Class::getSimpleName).contains("Open", "Ask");
        trial.neverAnswers(asked);
    }

    @Test
    @Tag("slow")
    void aLyingAgentHarmsItsOwnBuildOnly() throws Exception {
        HostileTrial trial = new HostileTrial(root, HostileReviewTest::open);
        trial.lies(trial.asked());
    }
}
