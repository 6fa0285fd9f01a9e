package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A build that ships two programs: no message says something of one that belongs to the other. */
class ProgramsTest {
    private static final ProgramNews SHOP = new ProgramNews("shop", "wx1", "upload", "always", "", "");
    private static final ProgramNews TOOLS = new ProgramNews("tools", "wx2", "preview", "always", "", "");
    private static final Map<Fact, String> UPLOAD = Map.of(
            Fact.APP,
            "shop",
            Fact.APP_ID,
            "wx1",
            Fact.KIND,
            "upload",
            Fact.VERSION,
            "1.2.0",
            Fact.BRANCH,
            "main",
            Fact.COMMIT,
            "3f2a91c0d");
    private static final Map<Fact, String> PREVIEW = Map.of(
            Fact.APP,
            "tools",
            Fact.APP_ID,
            "wx2",
            Fact.KIND,
            "preview",
            Fact.QR_URL,
            "miniprogram/qrcode?n=1",
            Fact.BRANCH,
            "feature/y",
            Fact.COMMIT,
            "77aa00bb1");

    private static Programs both() {
        Map<String, Map<Fact, String>> shipped = new LinkedHashMap<>();
        shipped.put("shop", UPLOAD);
        shipped.put("tools", PREVIEW);
        return new Programs(List.of(SHOP, TOOLS), shipped);
    }

    @Test
    void aMessageIsAboutOneProgramOrNamesEach() {
        Programs programs = both();
        assertThat(programs.areSeveral()).isTrue();
        assertThat(programs.chosen(Event.SUCCESS, "shop")).isEqualTo("shop");
        assertThat(programs.of("shop")).containsAllEntriesOf(UPLOAD).doesNotContainKey(Fact.QR_URL);
        assertThat(programs.of("tools")).containsAllEntriesOf(PREVIEW).doesNotContainKey(Fact.VERSION);
        assertThat(programs.chosen(Event.SUCCESS, "")).isNull();
        assertThat(programs.chosen(Event.PREVIEW_READY, "")).isEqualTo("tools");
        assertThat(programs.chosen(Event.UPLOADED, "")).isEqualTo("shop");
        assertThat(programs.onlyPreview()).isEqualTo("tools");
        Notice notice = new Notice(Event.SUCCESS, "release", 7, Map.of(), programs.lines());
        assertThat(notice.valuesFor(Markup.PLAIN, Locale.ENGLISH).get("programs"))
                .isEqualTo("shop (wx1): Upload 1.2.0 (main 3f2a91c0); tools (wx2): Preview (feature/y 77aa00bb)");
        assertThat(notice.valuesFor(Markup.PLAIN, Locale.SIMPLIFIED_CHINESE).get("programs"))
                .contains("shop (wx1): 上传 1.2.0", "tools (wx2): 预览");
    }

    @Test
    void aProgramThatFailedBeforeItWasShippedIsOneOfThem() {
        Programs programs = new Programs(List.of(SHOP, TOOLS), Map.of("shop", UPLOAD));
        assertThat(programs.areSeveral()).isTrue();
        assertThat(programs.of("tools"))
                .containsEntry(Fact.APP_ID, "wx2")
                .containsEntry(Fact.KIND, "preview")
                .doesNotContainKeys(Fact.VERSION, Fact.BRANCH);
    }

    @Test
    void oneProgramNeedsNoName() {
        Programs one = new Programs(List.of(SHOP), Map.of("shop", UPLOAD));
        assertThat(one.chosen(Event.FAILED, "")).isEqualTo("shop");
        assertThat(one.areSeveral()).isFalse();
        // The job's profile, of which the build used another one.
        Programs used = new Programs(List.of(new ProgramNews("shop", "wx1", "", "always", "", ""), TOOLS), Map.of());
        assertThat(used.areSeveral()).isFalse();
        assertThat(used.chosen(Event.FAILED, "")).isEqualTo("tools");
        // A build that failed before its first step.
        Programs early = new Programs(List.of(new ProgramNews("shop", "wx1", "", "always", "", "")), Map.of());
        assertThat(early.of("shop")).containsEntry(Fact.APP_ID, "wx1");
        assertThat(early.chosen(Event.FAILED, "")).isEqualTo("shop");
    }

    @Test
    void thePictureOfTwoPreviewsIsNobodys() {
        Map<String, Map<Fact, String>> shipped = new LinkedHashMap<>();
        shipped.put("a", Map.of(Fact.QR_URL, "x"));
        shipped.put("b", Map.of(Fact.QR_URL, "y"));
        assertThat(new Programs(List.of(), shipped).onlyPreview()).isNull();
    }

    @Test
    void theKindIsAWordOfTheReader() {
        Notice notice = new Notice(Event.UPLOADED, "shop", 7, Map.of("kind", "upload", "app", "茶", "appId", "wx1"));
        assertThat(notice.value("kind")).as("for programs").isEqualTo("upload");
        assertThat(notice.valuesFor(Markup.PLAIN, Locale.SIMPLIFIED_CHINESE)).containsEntry("kind", "上传");
        assertThat(Template.standard(Markup.DINGTALK, Locale.SIMPLIFIED_CHINESE)
                        .render(notice.valuesFor(Markup.DINGTALK, Locale.SIMPLIFIED_CHINESE), Markup.DINGTALK))
                .contains("小程序：茶 (wx1)", "类型：上传");
    }
}
