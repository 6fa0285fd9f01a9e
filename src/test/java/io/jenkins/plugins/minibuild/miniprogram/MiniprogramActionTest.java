package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.converters.Converter;
import com.thoughtworks.xstream.converters.MarshallingContext;
import com.thoughtworks.xstream.converters.UnmarshallingContext;
import com.thoughtworks.xstream.io.HierarchicalStreamReader;
import com.thoughtworks.xstream.io.HierarchicalStreamWriter;
import com.thoughtworks.xstream.security.AnyTypePermission;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.Visit;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.SizeLimits;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniprogramActionTest {

    @TempDir
    private Path build;

    @Test
    void keepsWhatTheStepsMadeInTheirOrder() throws Exception {
        MiniprogramAction action = new MiniprogramAction();

        action.add(MiniprogramAction.Entry.of(upload()), null, build);
        assertThat(action.getLastPreview()).isEqualTo(-1);
        PreviewResult preview = preview(Clock.systemUTC());
        action.add(MiniprogramAction.Entry.of(preview), preview.qrCode().jpeg(), build);

        assertThat(action.getLastPreview()).isEqualTo(1);
        assertThat(action.getEntries().get(0).getVersion()).isEqualTo("1.0.0");
        assertThat(action.getEntries().get(0).isExpired()).isFalse();
        assertThat(action.getEntries().get(1).isExpired()).isFalse();
        assertThat(action.sizesOf(action.getEntries().get(1)))
                .extracting(PackageSizes.Row::getSize)
                .containsExactly("2.50 MB", "2.50 MB");
        assertThat(action.sizesOf(action.getEntries().get(1)))
                .extracting(PackageSizes.Row::isTooLarge)
                .containsExactly(false, true);
        assertThat(build.resolve("mini-build")).isDirectoryContaining("glob:**/qrcode-1.jpg");
        assertThat(Files.readAllBytes(build.resolve("mini-build/qrcode-1.jpg")))
                .isEqualTo(preview.qrCode().jpeg());
    }

    @Test
    void thePictureIsForThoseWhoMayHaveTheArtifact() throws Exception {
        PreviewResult preview = preview(Clock.systemUTC());
        MiniprogramAction reader = new MiniprogramAction();
        reader.add(MiniprogramAction.Entry.of(preview), "picture".getBytes(StandardCharsets.UTF_8), build);
        reader.onAttached(ReadBuild.of(build, Item.READ));
        MiniprogramAction tester = new MiniprogramAction();
        tester.add(MiniprogramAction.Entry.of(preview), "picture".getBytes(StandardCharsets.UTF_8), build);
        tester.onAttached(ReadBuild.of(build, Item.READ, Run.ARTIFACTS));
        assertThat(Visit.whoTells(reader, "picture")).containsExactly("MiniprogramAction.doQrcode");

        System.setProperty("hudson.security.ArtifactsPermission", "true");
        try {
            assertThat(Visit.whoTells(reader, "picture")).isEmpty();
            assertThat(Visit.whoTells(tester, "picture")).containsExactly("MiniprogramAction.doQrcode");
        } finally {
            System.clearProperty("hudson.security.ArtifactsPermission");
        }
    }

    @Test
    void aCodeExpiresAfterHalfAnHour() throws Exception {
        Instant past = Instant.now().minus(Duration.ofMinutes(31));

        assertThat(MiniprogramAction.Entry.of(preview(Clock.fixed(past, ZoneOffset.UTC)))
                        .isExpired())
                .isTrue();
    }

    @Test
    void theEndOfACodeIsToldByTheClockOfTheReader() {
        Instant end = Instant.parse("2026-11-28T18:02:53Z");

        assertThat(PreviewResult.localTime(end, ZoneId.of("Asia/Shanghai"))).isEqualTo("2026-11-29 02:02 +08:00");
        assertThat(PreviewResult.localTime(end, ZoneOffset.UTC)).isEqualTo("2026-11-28 18:02 +00:00");
    }

    @Test
    void survivesARestart() throws Exception {
        MiniprogramAction action = new MiniprogramAction();
        action.add(MiniprogramAction.Entry.of(preview(Clock.systemUTC())), new byte[] {1}, build);
        XStream xstream = new XStream();
        xstream.addPermission(AnyTypePermission.ANY);
        xstream.allowTypesByWildcard(new String[] {"**"});

        String xml = xstream.toXML(action);
        MiniprogramAction loaded = (MiniprogramAction) xstream.fromXML(xml);

        assertThat(loaded.getEntries().get(0).getExpires())
                .isEqualTo(action.getEntries().get(0).getExpires());
        assertThat(xstream.toXML(loaded)).isEqualTo(xml);
        assertThat(xml.length()).isLessThan(3000);
    }

    @Test
    void aBuildCanBeStoredWhileAStepAddsToIt() throws Exception {
        MiniprogramAction action = new MiniprogramAction();
        MiniprogramAction.Entry entry = MiniprogramAction.Entry.of(upload());
        action.add(entry, null, build);
        action.add(entry, null, build);
        XStream xstream = new XStream();
        xstream.setMode(XStream.NO_REFERENCES);
        xstream.registerConverter(new Converter() {
            @Override
            public boolean canConvert(Class type) {
                return type == PackageSizes.class;
            }

            @Override
            public void marshal(Object source, HierarchicalStreamWriter writer, MarshallingContext context) {
                try {
                    action.add(entry, null, build);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Object unmarshal(HierarchicalStreamReader reader, UnmarshallingContext context) {
                return null;
            }
        });

        assertThat(xstream.toXML(action)).contains("entries");
        assertThat(action.getEntries()).hasSize(4);
    }

    @Test
    void theTimeOfACodeIsThatOfTheClockThatIsGiven() throws Exception {
        Instant made = Instant.parse("2026-03-01T10:00:00Z");
        MiniprogramAction.Entry entry = MiniprogramAction.Entry.of(preview(Clock.fixed(made, ZoneOffset.UTC)));

        assertThat(entry.isExpired(Clock.fixed(made.plusSeconds(29 * 60), ZoneOffset.UTC)))
                .isFalse();
        assertThat(entry.isExpired(Clock.fixed(made.plusSeconds(31 * 60), ZoneOffset.UTC)))
                .isTrue();
    }

    private static MiniprogramAction.Entry uploaded(String profile, String appId, String version) throws Exception {
        return MiniprogramAction.Entry.of(new UploadResult(
                new Shipment(
                        appId, "", 1, sizes(), new ShipmentFacts(profile, null, 7, SizeLimits.NONE), Findings.NONE),
                version));
    }

    private static MiniprogramAction.Entry previewed(String profile, String appId) throws Exception {
        byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1};
        return MiniprogramAction.Entry.of(new PreviewResult(
                new Shipment(
                        appId, "", 2, sizes(), new ShipmentFacts(profile, null, 7, SizeLimits.NONE), Findings.NONE),
                "",
                "x.jpg",
                QrCode.of(Arrays.copyOf(jpeg, 200), Clock.systemUTC(), Duration.ofMinutes(30)),
                false));
    }

    @Test
    void twoProgramsOfOneBuildShareNoFactNoPictureAndNoChart() throws Exception {
        MiniprogramAction action = new MiniprogramAction();
        action.onAttached(ReadBuild.of(build, Item.READ));
        action.add(uploaded("shop", "wx1111111111111111", "1.2.0"), null, build);
        action.add(previewed("tools", "wx2222222222222222"), new byte[] {1, 2}, build);
        action.add(previewed("shop", "wx1111111111111111"), new byte[] {3, 4}, build);

        Map<String, Map<Fact, String>> news = action.newsOfPrograms();
        assertThat(news).containsOnlyKeys("shop", "tools");
        assertThat(news.get("tools"))
                .containsEntry(Fact.APP_ID, "wx2222222222222222")
                .containsEntry(Fact.QR_URL, "miniprogram/qrcode?n=1")
                .doesNotContainKey(Fact.VERSION);
        assertThat(news.get("shop"))
                .containsEntry(Fact.VERSION, "1.2.0")
                .containsEntry(Fact.QR_URL, "miniprogram/qrcode?n=2");
        assertThat(action.newsPicture("tools")).containsExactly(1, 2);
        assertThat(action.newsPicture("shop")).containsExactly(3, 4);
        assertThat(action.newsPicture("other")).isEmpty();

        MiniprogramAction earlier = new MiniprogramAction();
        earlier.onAttached(ReadBuild.of(build.resolve("earlier"), Item.READ));
        earlier.add(uploaded("tools", "wx2222222222222222", "0.9.0"), null, build.resolve("earlier"));
        MiniprogramJobAction job = new MiniprogramJobAction(null, List.of(action, earlier));
        assertThat(job.getPrograms())
                .extracting(MiniprogramJobAction.Program::getName)
                .containsExactly("shop", "tools");
        assertThat(job.program("").getName()).isEqualTo("shop");
        assertThat(job.program("").getNumber()).isEqualTo(2);
        assertThat(job.program("tools").getNumber()).isEqualTo(1);
        assertThat(job.program("tools").getPreview().getAppId()).isEqualTo("wx2222222222222222");
        assertThat(job.program("tools").isTrend()).isTrue();
        assertThat(job.program("shop").isTrend()).as("one build only").isFalse();
        assertThat(job.program("none")).isNull();
    }

    private static UploadResult upload() throws Exception {
        return new UploadResult(
                new Shipment("wx0123456789abcdef", "", 1, sizes(), ShipmentFacts.NONE, Findings.NONE), "1.0.0");
    }

    private static PreviewResult preview(Clock clock) throws Exception {
        byte[] jpeg = new byte[200];
        jpeg[0] = (byte) 0xFF;
        jpeg[1] = (byte) 0xD8;
        jpeg[2] = (byte) 0xFF;
        return new PreviewResult(
                new Shipment("wx0123456789abcdef", "tea", 2, sizes(), ShipmentFacts.NONE, Findings.NONE),
                "",
                "x.jpg",
                QrCode.of(jpeg, clock, Duration.ofMinutes(30)),
                false);
    }

    private static PackageSizes sizes() throws Exception {
        return PackageSizes.read(
                new ObjectMapper()
                        .readTree(
                                "[{\"name\":\"__FULL__\",\"size\":2621440},{\"name\":\"__APP__\",\"size\":2621440},"
                                        + "{\"name\":\"bad\",\"size\":-1},{\"name\":\"\",\"size\":1},{\"name\":\"x\",\"size\":\"2\"},7]"),
                ProjectType.MINI_PROGRAM);
    }
}
