package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.cache.AgentCache;
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.PreviewSettings;
import io.jenkins.plugins.minibuild.pipeline.LocalPipeline;
import io.jenkins.plugins.minibuild.standin.QrPicture;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import io.jenkins.plugins.minibuild.standin.WeChatService.Fault;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of docs/examples, installed, built, packed and uploaded by their real tools. */
@Tag("slow")
class RealProjectsTest {

    private static final String ARTIFACT = "-" + Fixture.APP + "-";

    @TempDir
    private Path root;

    private Fixture fixture;

    @AfterEach
    void nothingIsLeft() throws Exception {
        AgentCache.settle();
        assertThat(fixture.leftovers()).isEmpty();
        assertThat(fixture.processes()).isEmpty();
        fixture.close();
    }

    @Test
    void aNativeProgramWithSubpackagesAndNpmPackages() throws Exception {
        start("native-subpackages");
        TaskParameters parameters = parameters()
                .build(packing(true))
                .quality(true)
                .sourceMap(true)
                .setting(CompileSettings.read("useProjectConfig=true"));

        UploadResult uploaded = new Upload(parameters, "1.0.0").run(fixture.build);

        WeChatService.Upload upload = fixture.wechat.uploads().get(0);
        assertThat(upload.files())
                .containsKeys(
                        "/miniprogram_npm/dayjs/index.js", "/orders/pages/list/list.js", "/club/pages/card/card.js");
        assertThat(upload.files().keySet()).noneMatch(name -> name.contains("node_modules"));
        assertThat(uploaded.sizes().bytes().keySet())
                .contains(PackageSizes.WHOLE, PackageSizes.MAIN)
                .hasSize(4);
        assertThat(uploaded.findings().largestFiles().rows().get(0).getName()).contains("dayjs");
        assertThat(uploaded.toMap()).containsKeys("largestFiles", "quality", "sourceMap");
        assertThat(fixture.build.log())
                .contains("Packing npm packages", "Largest files:", "Code quality: ", "The source map is the artifact");

        JsonNode report = new ObjectMapper()
                .readTree(fixture.build
                        .artifacts()
                        .resolve("miniprogram/quality" + ARTIFACT + "1.json")
                        .toFile());
        QualityReport quality = uploaded.findings().quality();
        assertThat(quality).isNotNull();
        assertThat(report).hasSize(quality.rules().size());
        assertThat(quality.failed())
                .extracting(QualityReport.Rule::getName)
                .contains("LAZYCODE_LOADING_OPEN")
                .doesNotContain("JS_COMPRESS_OPEN");
        assertThat(String.valueOf(uploaded.findings().sourceMap()))
                .isEqualTo("miniprogram/sourcemap" + ARTIFACT + "1.zip");
        try (ZipFile maps = new ZipFile(fixture.build
                .artifacts()
                .resolve(String.valueOf(uploaded.findings().sourceMap()))
                .toFile())) {
            assertThat(maps.getEntry("orders/pages/list/list.js.map")).isNotNull();
        }

        PreviewResult preview =
                new Preview(parameters, new PreviewSettings("base64", 150, null, null, 1011, null)).run(fixture.build);

        Map<String, Object> result = preview.toMap();
        String uri = String.valueOf(result.get("qrcodeBase64"));
        assertThat(uri).startsWith("data:image/jpeg;base64,");
        byte[] jpeg = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertThat(picture.getWidth()).isEqualTo(150);
        assertThat(picture.getHeight()).isEqualTo(150);
        assertThat(scan(picture)).startsWith("http");
        assertThat(fixture.build.artifacts().resolve(preview.artifact())).hasBinaryContent(jpeg);
    }

    @Test
    void aProgramInTypeScriptWhoseConfigurationSaysWhereItsPackagesGo() throws Exception {
        start("typescript");
        TaskParameters parameters =
                parameters().build(packing(true)).setting(CompileSettings.read("useProjectConfig=true"));

        new Upload(parameters, "1.0.0").run(fixture.build);
        new Preview(parameters, new PreviewSettings("terminal", null, "pages/index/index", null, 1011, null))
                .run(fixture.build);

        assertThat(fixture.wechat.uploads()).hasSize(2).allSatisfy(upload -> {
            assertThat(upload.files())
                    .containsKeys("/app.js", "/brewing.js", "/pages/index/index.js", "/miniprogram_npm/dayjs/index.js");
            assertThat(upload.files().keySet()).noneMatch(name -> name.endsWith(".ts"));
            String code = new String(upload.content("/brewing.js"), StandardCharsets.UTF_8);
            assertThat(code).contains("is ready at").doesNotContain(": Tea").doesNotContain("interface");
        });
        String log = fixture.build.log();
        List<String> code =
                log.lines().filter(line -> line.contains("\u2588\u2588")).toList();
        assertThat(code).as(log).hasSizeGreaterThan(20);
        assertThat(scan(picture(code))).contains("appid=" + Fixture.APP, "path=pages%2Findex%2Findex");
    }

    @Test
    void aProgramInUniAppBuiltByItsOwnCommandFromTheCacheTheSecondTime() throws Exception {
        start("uni-app");
        TaskParameters parameters = parameters()
                .build(new BuildCommands("uniapp", null, "npm ci --ignore-scripts", null, null, null, 15.0)
                        .or(BuildCommands.WITHOUT_PROFILE));

        new Upload(parameters, "2.0.0").run(fixture.build);
        AgentCache.settle();
        Fixture.delete(fixture.workspace.resolve("dist"));
        runJenkinsfile("uni-app");

        assertThat(fixture.build.log())
                .contains("are kept in the cache of this agent", "come from the cache of this agent")
                .containsOnlyOnce("added 5");
        assertThat(fixture.wechat.uploads()).hasSize(3).allSatisfy(upload -> assertThat(upload.files())
                .containsKeys("/app.json", "/common/vendor.js", "/components/TeaCup.wxml", "/pages/about/about.js"));
        assertThat(fixture.wechat.uploads().get(0).version()).isEqualTo("2.0.0");
        assertThat(fixture.wechat.uploads().get(1).version()).isEqualTo("1.0.7");
        assertThat(fixture.wechat.uploads().get(2).isPreview()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"native-subpackages", "typescript"})
    void theJenkinsfileBesideTheProgramShipsIt(String example) throws Exception {
        start(example);

        runJenkinsfile(example);

        assertThat(fixture.wechat.uploads()).singleElement().satisfies(upload -> assertThat(upload.files())
                .containsKey("/miniprogram_npm/dayjs/index.js"));
    }

    @Test
    void packingWithoutPackagesSaysWhatIsMissing() throws Exception {
        start("native-subpackages");
        TaskParameters parameters = parameters().build(packing(false));

        Throwable thrown = catchThrowable(() -> new Upload(parameters, "1.0.0").run(fixture.build));

        assertThat(thrown)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("npm packages")
                .hasMessageContaining("install");
        assertThat(fixture.wechat.uploads()).isEmpty();
    }

    @Test
    void aSourceMapThatCannotBeHadDoesNotFailTheUpload() throws Exception {
        start("native-miniprogram");
        fixture.wechat.fail(WeChatService.SOURCE_MAP_INFO, Fault.error(-1, "no source map"));

        UploadResult uploaded = new Upload(parameters().sourceMap(true), "1.0.0").run(fixture.build);

        assertThat(uploaded.findings().sourceMap()).isNull();
        assertThat(uploaded.toMap()).doesNotContainKey("sourceMap");
        assertThat(fixture.build.log())
                .contains("Uploaded " + Fixture.APP)
                .contains("failed at something else that the step asked for")
                .contains("no source map");
    }

    @Test
    void aSourceMapThatNeverComesTakesTheTimeOfTheBuildButNotItsSuccess() throws Exception {
        start("native-miniprogram");
        fixture.wechat.fail(WeChatService.SOURCE_MAP_INFO, Fault.hang());

        UploadResult uploaded =
                new Upload(parameters().sourceMap(true).build(Fixture.within(0.5)), "1.0.0").run(fixture.build);

        assertThat(uploaded.version()).isEqualTo("1.0.0");
        assertThat(uploaded.findings().sourceMap()).isNull();
        assertThat(fixture.build.log())
                .containsPattern("failed at something else that the step asked for: no answer in [0-9]+ seconds");
    }

    // ---- how

    private void start(String example) throws Exception {
        fixture = new Fixture(root).real();
        Fixture.delete(fixture.workspace);
        Fixture.copy(Path.of("docs/examples", example), fixture.workspace);
        // npm talks to its own registry, everything else to the stand-in
        fixture.build.env("NO_PROXY", registry()).env("no_proxy", registry());
    }

    private void runJenkinsfile(String example) throws Exception {
        fixture.build.env("BUILD_NUMBER", "7");
        String script = Files.readString(Path.of("docs/examples", example, "Jenkinsfile"));
        assertThat(new LocalPipeline(fixture.build).run(script))
                .as(fixture.build.log())
                .isTrue();
    }

    private static String registry() throws Exception {
        Process npm = new ProcessBuilder("npm", "config", "get", "registry")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String url = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertThat(npm.waitFor()).isZero();
        return URI.create(url).getHost();
    }

    private static BuildCommands packing(boolean install) {
        return new BuildCommands(null, install, null, null, null, true, null).or(BuildCommands.WITHOUT_PROFILE);
    }

    private TaskParameters parameters() {
        return fixture.parameters();
    }

    private static String scan(BufferedImage picture) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", bytes);
        return QrPicture.scan(bytes.toByteArray());
    }

    /** Each module of the code is two letters wide; the light ones are drawn. */
    private static BufferedImage picture(List<String> lines) {
        int scale = 8;
        int width = lines.stream().mapToInt(String::length).max().orElse(2) / 2;
        BufferedImage picture =
                new BufferedImage((width + 8) * scale, (lines.size() + 8) * scale, BufferedImage.TYPE_INT_RGB);
        java.awt.Graphics2D graphics = picture.createGraphics();
        graphics.setColor(java.awt.Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.setColor(java.awt.Color.BLACK);
        for (int y = 0; y < lines.size(); y++) {
            for (int x = 0; 2 * x < lines.get(y).length(); x++) {
                if (lines.get(y).charAt(2 * x) == ' ') {
                    graphics.fillRect((x + 4) * scale, (y + 4) * scale, scale, scale);
                }
            }
        }
        graphics.dispose();
        return picture;
    }
}
