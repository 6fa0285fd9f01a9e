package io.jenkins.plugins.minibuild.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.claude.ClaudeFixture;
import io.jenkins.plugins.minibuild.claude.ClaudeSettings;
import io.jenkins.plugins.minibuild.claude.DailyBudget;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.pipeline.LocalPipeline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.standin.BareAgent;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The step against the stand-in of the model's service, once with the real claude command and else with a pretended one. */
@Timeout(180)
class RepositoryAnalysisTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path root;

    private ClaudeFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ClaudeFixture(root).pretended();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void withoutASandboxNoLinkLeadsOut() throws Exception {
        Path secret = Files.writeString(root.resolve("id_rsa"), "what only the agent may know");
        Files.createSymbolicLink(fixture.workspace.resolve("src/notes.txt"), secret);
        fixture.build.with(new BareAgent(fixture.build.listener()));
        fixture.model.script(Turn.tool("Read", Map.of("file_path", "src/notes.txt")), report("src"));

        assertThatThrownBy(() -> new AnalyzeRepositoryStep().task().run(fixture.build))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("src/notes.txt", "bubblewrap");
        assertThat(fixture.model.requests()).noneMatch(request -> request.text().contains("only the agent"));
    }

    @Test
    void readsARepositoryIntoAProfile() throws Exception {
        fixture.real();
        fixture.model.script(Turn.tool("Glob", Map.of("pattern", "**/*")), report("src"));

        AnalyzeRepositoryStep step = new AnalyzeRepositoryStep();
        Map<String, Object> returned = step.toReturnValue(step.task().run(fixture.build));

        assertThat(returned)
                .containsEntry("techStack", List.of("JavaScript"))
                .containsEntry("commit", "")
                .containsEntry("cached", false)
                .containsEntry("turns", 2);
        assertThat(returned.get("modules"))
                .isEqualTo(List.of(Map.of("path", "src", "description", "the shop", "files", 1)));
        assertThat((double) returned.get("cost")).isCloseTo(0.002, within(1e-6));
        assertThat(RepositoryProfile.parse(
                                Files.readString(fixture.build.artifacts().resolve("claude/repository-profile.json")))
                        .entryPoints())
                .containsExactly("src/app.js");
        assertThat(fixture.model.requests().get(0).tools())
                .containsExactlyInAnyOrder("Read", "Glob", "Grep", "StructuredOutput");
    }

    @Test
    void aReportThatIsWrongIsMendedOnce() throws Exception {
        fixture.model.script(report("../other"), report("src"));

        RepositoryAnalysis.Result result = run(new AnalyzeRepositoryStep());

        assertThat(result.profile().modules().get(0).path()).isEqualTo("src");
        assertThat(fixture.model.requests().get(1).text())
                .contains("modules[0].path: a relative path", "<former-answer>");
        assertThat(fixture.folder(2).resolve("events.jsonl")).exists();
    }

    @Test
    void aReportThatStaysWrongFailsWithWhatIsWrong() throws Exception {
        fixture.model.script(report("/etc"), report("/etc"));

        assertThatThrownBy(() -> run(new AnalyzeRepositoryStep()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("modules[0].path: a relative path");
    }

    @Test
    void aFailedRunSaysWhy() throws Exception {
        fixture.model.always(Turn.unauthorized());

        assertThatThrownBy(() -> run(new AnalyzeRepositoryStep()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("does not accept the API key");
    }

    @Test
    void theSameCommitIsReadOnce() throws Exception {
        commit();
        fixture.model.script(report("src"));
        RepositoryAnalysis.Result first = run(new AnalyzeRepositoryStep());
        assertThat(first.commit()).hasSize(40);
        assertThat(first.cached()).isFalse();

        LocalBuild second = fixture.build.next();
        RepositoryAnalysis.Result again = new AnalyzeRepositoryStep().task().run(second);

        assertThat(again.cached()).isTrue();
        assertThat(again.dollars()).isZero();
        assertThat(again.profile()).isEqualTo(first.profile());
        assertThat(second.artifacts().resolve("claude/repository-profile.json")).exists();

        Files.writeString(fixture.workspace.resolve("src/app.js"), "changed");
        fixture.model.script(report("src"));
        assertThat(run(new AnalyzeRepositoryStep()).cached()).isFalse();
    }

    @Test
    void theDailyBudgetIsKept() throws Exception {
        DailyBudget.Scope day = new DailyBudget.Scope("", 0.02);
        LocalBuild build = fixture.tooled(LocalBuild.in(root.resolve("budget")))
                .with(secret(ClaudeFixture.KEY_ID, ClaudeFixture.KEY))
                .with((Object) new ClaudeSettings(
                        ClaudeFixture.KEY_ID, fixture.model.url(), null, List.of(day), Glob.names(null)));
        fixture.model.script(report("src"));
        new AnalyzeRepositoryStep().task().run(build);
        DailyBudget budget = new DailyBudget(build.controllerFolder(), Clock.systemDefaultZone());
        assertThat(budget.spent(day)).isCloseTo(0.001, within(1e-6));

        budget.reserve(List.of(day), 1);

        assertThatThrownBy(() -> new AnalyzeRepositoryStep().task().run(build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("daily budget");
        assertThat(fixture.model.requests()).hasSize(1);
    }

    @Test
    void aMistakeOfTheUserIsSaidBeforeAnythingRuns() throws Exception {
        AnalyzeRepositoryStep noFolder = new AnalyzeRepositoryStep();
        noFolder.setDirectory("nowhere");
        assertThatThrownBy(() -> run(noFolder)).hasMessageContaining("There is no folder");

        Files.createSymbolicLink(fixture.workspace.resolve("link"), root);
        AnalyzeRepositoryStep link = new AnalyzeRepositoryStep();
        link.setDirectory("link");
        assertThatThrownBy(() -> run(link)).hasMessageContaining("leads out of the workspace");

        AnalyzeRepositoryStep noKey = new AnalyzeRepositoryStep();
        noKey.setApiKeyCredentialsId("nobody");
        assertThatThrownBy(() -> run(noKey)).hasMessageContaining("no credential 'nobody'");

        AnalyzeRepositoryStep elsewhere = new AnalyzeRepositoryStep();
        elsewhere.setBaseUrl("https://gateway.example.org");
        assertThatThrownBy(() -> run(elsewhere)).hasMessageContaining("the admin's key is not sent");

        fixture.build.with(secret("bad", "two words"));
        AnalyzeRepositoryStep bad = new AnalyzeRepositoryStep();
        bad.setApiKeyCredentialsId("bad");
        assertThatThrownBy(() -> run(bad)).hasMessageContaining("Store the key again");
        assertThat(fixture.model.requests()).isEmpty();
    }

    @Test
    void theExampleOfTheDocumentationRuns() throws Exception {
        try (GiteeService gitee = GiteeService.start(root.resolve("gitee"))) {
            Path shop = gitee.createRepository("your-team", "shop", true);
            gitee.addMember("your-team", "shop", "bot").addToken("token", "bot", "projects");
            GiteeService.commit(shop, fixture.workspace, "main", "first");
            LocalBuild build = fixture.tooled(LocalBuild.in(root.resolve("example")))
                    .with((Object) gitee.known())
                    .with(secret("model-key", ClaudeFixture.KEY))
                    .with(secret("gitee-token", "token"))
                    .with((Object) new ClaudeSettings(null, fixture.model.url(), null, List.of(), Glob.names(null)));
            fixture.model.script(report("src"));
            // The address is the stand-in's; nothing else in it is changed.
            String example = Files.readString(Path.of("docs/examples/claude/Jenkinsfile"))
                    .replace("https://gitee.com/your-team/shop.git", gitee.gitUrl("your-team", "shop"));

            boolean succeeded = new LocalPipeline(build).run(example);

            assertThat(succeeded).as(build.log()).isTrue();
            assertThat(build.log()).contains("modules: src", "built by: npm run build", "from the cache: false");
        }
    }

    private RepositoryAnalysis.Result run(AnalyzeRepositoryStep step) throws Exception {
        return step.task().run(fixture.build);
    }

    private static StringCredentialsImpl secret(String id, String text) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(text));
    }

    private static Turn report(String path) throws Exception {
        ObjectNode report = (ObjectNode) JSON.readTree("""
                {"modules":[{"path":"src","description":"the shop","files":1}],"techStack":["JavaScript"],
                 "entryPoints":["src/app.js"],"directoryStructure":[{"path":"src","purpose":"code"}],
                 "codeStyle":{"naming":"camelCase","errorHandling":"none","testFramework":"none"},
                 "buildCommands":["npm run build"],"testCommands":[]}
                """);
        ((ObjectNode) report.get("modules").get(0)).put("path", path);
        return Turn.tool("StructuredOutput", JSON.convertValue(report, Map.class));
    }

    private void commit() throws Exception {
        ProcessRun.shell(
                        fixture.build.launcher(),
                        "git init -q -b main . && git add . && git -c user.name=a -c user.email=a@b.c commit -qm first")
                .in(fixture.build.workspace())
                .runOrFail();
    }
}
