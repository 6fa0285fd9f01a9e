package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.standin.Containers;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A team's whole workflow on a real controller: lint, tests in containers, the upload of a mini program on another agent. */
@NeedsController
class WorkflowExampleControllerIT {
    private static final String SHOP = """
            name: shop
            environment: {CI: "true"}
            jobs:
              lint: {workdir: tools, steps: [{name: lint, command: npm run lint}]}
              test:
                needs: lint
                matrix: {node: [18, 20]}
                image: "node:${matrix.node}"
                steps: [{name: unit, command: npm test, retry: 2, timeout: 600}]
              ship:
                needs: [lint, test]
                when: "branch == 'main' && event != 'merge_request'"
                agent: linux && wechat
                steps: [{name: upload, uses: miniprogramUpload, with: {app: shop}}]
            """;

    private static Path folder;
    private static RealController controller;
    private static MiniProgramSite site;
    private static Containers containers;
    private static final List<Process> AGENTS = new ArrayList<>();

    @BeforeAll
    static void boot() throws Exception {
        folder = Path.of("target/controller-workflow").toAbsolutePath();
        controller = RealController.start(folder);
        Path npm = Files.writeString(
                Files.createDirectories(folder.resolve("image")).resolve("npm"), """
                #!/bin/sh
                test "$CI" = true || exit 9
                if [ ! -e "tried-$MINI_BUILD_MATRIX_NODE" ]; then touch "tried-$MINI_BUILD_MATRIX_NODE"; echo flaky; exit 1; fi
                echo "npm $* on node $MINI_BUILD_MATRIX_NODE"
                """);
        npm.toFile().setExecutable(true);
        Path language = Files.writeString(
                folder.resolve("image/run"), "#!/bin/sh\necho \"$PIPELINE_PLUGIN_COMMAND\" | base64 -d\n");
        language.toFile().setExecutable(true);
        containers = Containers.start(
                Files.createDirectories(folder.resolve("containers")),
                Map.of("bin/npm", npm, "pipeline/plugin/run", language, "usr/bin/base64", Path.of("/usr/bin/base64")));
        containers.tag("docker.io/library/node:18");
        containers.tag("docker.io/library/node:20");
        site = new MiniProgramSite(controller, folder, "workflow-token-5512", "feat: tea");
        Path sources = folder.resolve("sources");
        Path example = Path.of("docs/examples/native-miniprogram");
        try (Stream<Path> all = Files.walk(example)) {
            for (Path each : all.toList()) {
                Path copy = sources.resolve(example.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(each, copy);
                }
            }
        }
        Files.writeString(
                Files.createDirectories(sources.resolve("tools")).resolve("package.json"),
                "{\"name\": \"shop\", \"scripts\": {\"lint\": \"echo linted\"}}");
        Files.writeString(sources.resolve(".mini-build.yaml"), SHOP);
        GiteeService.commit(site.gitee.createRepository("demo", "whole", true), sources, "main", "feat: workflow");
        controller.script("import io.jenkins.plugins.minibuild.miniprogram.profile.*\n"
                + "def shop = new ProfileConfiguration('shop', '" + MiniProgramSite.APP + "')\n"
                + "shop.appType = 'native'; shop.privateKeyCredentialsId = 'miniprogram-key'\n"
                + "MiniProgramsConfiguration.get().setProfiles([shop])");
        AGENTS.add(controller.addAgent("builder", "linux build", 2, containers.environment()));
        AGENTS.add(controller.addAgent("shipper", "linux wechat", 2, containers.environment()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (site != null) {
            site.close();
        }
        if (controller != null) {
            controller.close();
        }
        AGENTS.forEach(Process::destroyForcibly);
        if (containers != null) {
            containers.close();
        }
    }

    /** The files as go-idp has them; a registry is not reached, so their images are made here. */
    @Test
    void theExamplesOfGoIdpRunUnchanged() throws Exception {
        containers.tag("docker.io/whatwewant/dind:v24-1");
        containers.tag("docker.io/library/busybox:latest");
        containers.tag("ghcr.io/go-idp/pipeline-language-node:16");
        for (String name : List.of("basic.yml", "docker.yaml", "plugin.yml", "language.yml")) {
            String yaml = Files.readString(Path.of("src/test/resources/io/jenkins/plugins/minibuild/workflow/go-idp")
                    .resolve(name));
            String job = "goidp-" + name.replaceAll("\\..*", "");
            controller.createPipeline(
                    job,
                    "node('build') { writeFile file: '.pipeline.yaml', encoding: 'Base64', text: '"
                            + java.util.Base64.getEncoder()
                                    .encodeToString(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                            + "'; runWorkflow() }");

            assertThat(controller.build(job))
                    .as("%s", controller.console(job, 1))
                    .isEqualTo("SUCCESS");
            String console = controller.console(job, 1);
            switch (name) {
                case "plugin.yml" ->
                    assertThat(console)
                            .contains("PIPELINE_PLUGIN_SETTINGS_TEST_ENV=Linux")
                            .contains("PIPELINE_PLUGIN_SETTINGS_REPOSITORY=https://github.com/go-idp/pipeline");
                case "language.yml" -> assertThat(console).contains("console.log(`[$(new Date())] run with nodejs`)");
                default -> assertThat(console).contains("] checkout", "] build", "] deploy");
            }
            assertThat(console).contains("Warning:");
        }
    }

    private static String url() {
        return site.gitee.gitUrl("demo", "whole");
    }

    @Test
    void aPipelineLintsTestsInContainersAndUploadsFromAnotherAgent() throws Exception {
        controller.createPipeline("shop", """
                node('build') {
                  giteeCheckout url: '%s', credentialsId: 'gitee-token', branch: 'main'
                  def result = runWorkflow()
                  echo "uploaded ${result.jobs.ship.outputs.version} by ${result.jobs.ship.state}"
                }
                """.formatted(url()));

        assertThat(controller.build("shop"))
                .as("%s", controller.console("shop", 1))
                .isEqualTo("SUCCESS");
        assertThat(controller.console("shop", 1))
                .contains("linted", "[test (18)/unit] flaky", "npm test on node 18", "npm test on node 20")
                .containsPattern("uploaded \\S+ by succeeded");
        assertThat(site.weChat.uploads()).isNotEmpty();
        if (Browser.isInstalled()) {
            try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
                browser.go("job/shop/1/mini-build-workflow/1/").picture("run");
                assertThat(browser.text()).contains("test (18)", "ship");
                browser.go("job/shop/1/").picture("build");
            }
        }
    }

    @Test
    void aFreestyleJobDoesTheSame() throws Exception {
        controller.createJob("shop-free", """
                <project>
                  <assignedNode>build</assignedNode><canRoam>false</canRoam>
                  <builders>
                    <io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder>
                      <step><url>%s</url><credentialsId>gitee-token</credentialsId><branch>main</branch></step>
                    </io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder>
                    <io.jenkins.plugins.minibuild.workflow.RunWorkflowBuilder><step/></io.jenkins.plugins.minibuild.workflow.RunWorkflowBuilder>
                  </builders>
                </project>
                """.formatted(url()));

        assertThat(controller.build("shop-free"))
                .as("%s", controller.console("shop-free", 1))
                .isEqualTo("SUCCESS");
        assertThat(controller.console("shop-free", 1)).contains("[ship] It succeeded");
    }
}
