package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final String NASTY =
            "<script>alert(1)</script> **b** [x](javascript:1) `c` <at id=all></at> <@all> @all \n# h\u0000";

    @ParameterizedTest
    @EnumSource(Event.class)
    void everyServiceHasAStandardTextForEveryEventInBothLanguages(Event event) {
        for (Markup markup : Markup.values()) {
            for (Locale locale : List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE)) {
                String text = Template.standard(markup, locale)
                        .render(Notice.sample(event, "http://ci/").valuesFor(markup, locale), markup);
                assertThat(text)
                        .as(markup + " " + locale)
                        .contains(event.title(locale), "shop", "feature", "1.4.2", "http://ci/job/shop/42/")
                        .doesNotContain("{{", "}}");
            }
        }
        assertThat(event.title(Locale.SIMPLIFIED_CHINESE)).isNotEqualTo(event.title(Locale.ENGLISH));
    }

    @Test
    void valuesAreNeverMarkup() {
        Map<String, String> values =
                Map.of("branch", NASTY, "url", "javascript:alert(1)", "qrUrl", "http://ci/a)b\"><i>[x]");
        Template template = Template.parse("{{branch}}|{{url}}|{{qrUrl}}");
        assertThat(template.render(values, Markup.HTML)).doesNotContain("<script", "<at", "\"><i>", "javascript:alert");
        assertThat(template.render(values, Markup.WECOM)).doesNotContain("<", "**", "`", "](", "\n");
        assertThat(template.render(values, Markup.DINGTALK)).doesNotContain("<", "**", "`", "](", "\n", "@");
        assertThat(template.render(values, Markup.FEISHU)).doesNotContain("<", "**", "`", "](", "\n#");
        assertThat(template.render(values, Markup.PLAIN))
                .contains("http://ci/a%29b%22%3E%3Ci%3E%5Bx%5D")
                .doesNotContain("\u0000");
    }

    @Test
    void noWayRoundTheEscapes() {
        Map<String, String> values = Map.of("branch", "<b>");
        for (String text : List.of("{{{branch}}}", "{{&branch}}", "{{=<% %>=}}<%& branch %>")) {
            assertThat(Template.parse(text).render(values, Markup.HTML)).isEqualTo("&lt;b&gt;");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{#branch}}", "{{/branch}}", "{{branch", "{{#branch}}{{/url}}"})
    void whatCannotBeReadIsSaid(String text) {
        assertThatThrownBy(() -> Template.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{branhc}}",
                "{{branch.class}}",
                "{{#getClass}}x{{/getClass}}",
                "{{branch.length}}",
                "{{^nothing}}x{{/nothing}}"
            })
    void unknownValuesAndCodeAreRefusedWithTheNamesThatThereAre(String text) {
        assertThatThrownBy(() -> Template.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("commitMessage, details, duration");
    }

    @Test
    void otherFilesCannotBeIncluded() {
        assertThatThrownBy(() -> Template.parse("{{>/etc/passwd}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/etc/passwd");
    }

    @Test
    void nothingOfOneBuildGetsIntoAnother() {
        Template template = Template.parse("{{project}} {{branch}} {{version}} {{#error}}E {{error}}{{/error}}");
        Notice first = Fixture.notice(Event.FAILED, "a", 1, "branch", "main", "version", "1.0", "error", "boom");
        Notice second = Fixture.notice(Event.SUCCESS, "b", 1);
        assertThat(template.render(first.valuesFor(Markup.PLAIN, Locale.ENGLISH), Markup.PLAIN))
                .isEqualTo("a main 1.0 E boom");
        assertThat(template.render(second.valuesFor(Markup.PLAIN, Locale.ENGLISH), Markup.PLAIN))
                .isEqualTo("b");
    }

    @Property(tries = 2_000)
    void aCutTextFitsAndIsAPrefix(@ForAll String text, @ForAll @IntRange(min = 3, max = 200) int most) {
        String cut = ByteLimit.cut(text, most);
        assertThat(cut.equals(text) || cut.getBytes(StandardCharsets.UTF_8).length <= most)
                .isTrue();
        if (!cut.equals(text)) {
            assertThat(text).startsWith(cut.substring(0, cut.length() - 1));
            assertThat(cut).endsWith("…");
        }
    }

    @Test
    void noCharacterIsTornApart() {
        String family = "👨‍👩‍👧‍👦";
        for (int most = 3; most < 60; most++) {
            String cut = ByteLimit.cut("é购" + family + "end of the text", most);
            assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
            assertThat(cut).doesNotContain("?");
            if (cut.contains("👨")) {
                assertThat(cut).contains(family);
            }
        }
        assertThat(ByteLimit.cut("购物", 6)).isEqualTo("购物");
        assertThat(ByteLimit.cut("购物车", 8)).isEqualTo("购…");
    }

    @Test
    void endsOfBuildsBecomeEvents() {
        assertThat(Event.ended("SUCCESS", "FAILURE", false)).isEqualTo(Event.FIXED);
        assertThat(Event.ended("SUCCESS", "UNSTABLE", false)).isEqualTo(Event.FIXED);
        assertThat(Event.ended(null, null, false)).isEqualTo(Event.SUCCESS);
        assertThat(Event.ended("FAILURE", "SUCCESS", false)).isEqualTo(Event.FAILED);
        assertThat(Event.ended("FAILURE", "FAILURE", false)).isEqualTo(Event.STILL_FAILING);
        assertThat(Event.ended("UNSTABLE", null, false)).isEqualTo(Event.UNSTABLE);
        assertThat(Event.ended("ABORTED", null, false)).isEqualTo(Event.ABORTED);
        assertThat(Event.ended("NOT_BUILT", null, false)).isEqualTo(Event.ABORTED);
    }

    @Test
    void aLimitThatEndsABuildIsAnEventOfItsOwn() {
        for (String result : List.of("ABORTED", "FAILURE", "NOT_BUILT")) {
            assertThat(Event.ended(result, "SUCCESS", true)).as(result).isEqualTo(Event.ENDED_BY_LIMIT);
        }
        // The Pipeline caught the end of a block and went on.
        assertThat(Event.ended("SUCCESS", null, true)).isEqualTo(Event.SUCCESS);
        assertThat(Event.ended("UNSTABLE", null, true)).isEqualTo(Event.UNSTABLE);
        assertThat(Event.ended(null, null, true)).isEqualTo(Event.SUCCESS);
    }

    @Test
    void whoAsksForFailuresHearsOfEveryFailureAndOfNothingElse() {
        Set<Event> failed = EnumSet.of(Event.FAILED);
        assertThat(EnumSet.allOf(Event.class).stream().filter(event -> event.isWantedBy(failed)))
                .containsExactlyInAnyOrder(Event.FAILED, Event.STILL_FAILING, Event.ENDED_BY_LIMIT);
        Set<Event> changes = EnumSet.of(Event.FIXED);
        assertThat(Event.SUCCESS.isWantedBy(changes)).isFalse();
        assertThat(Event.FIXED.isWantedBy(changes)).isTrue();
    }

    @Test
    void filtersSayWhyNobodyIsTold() {
        NotifyRequest request = new NotifyRequest(
                Asker.STEP,
                "",
                List.of(),
                new NotifyRequest.Filter(EnumSet.of(Event.FAILED), List.of("main", "release/*"), List.of("ada")),
                null,
                List.of(),
                true);
        assertThat(request.whyNot(Event.FAILED, "release/1.2", "ada")).isNull();
        assertThat(request.whyNot(Event.SUCCESS, "main", "ada")).contains("success", "failed");
        assertThat(request.whyNot(Event.FAILED, "feature/x", "ada")).contains("feature/x");
        assertThat(request.whyNot(Event.FAILED, "maine", "ada")).contains("maine");
        assertThat(request.whyNot(Event.FAILED, "main", null)).contains("ada");
    }

    @Test
    void peopleAreFoundByUserOrByTheAddressOfTheirCommits() {
        List<Contact> map = List.of(
                new Contact("ada", "1", "w", "d", "o", "ada@example.com"),
                new Contact("bob@corp.cn", "2", null, null, null, null));
        assertThat(Contact.find(map, List.of("ADA", "ada@example.com", "null", "", "ghost")))
                .containsExactly(map.get(0));
        assertThat(Contact.find(map, List.of("Bob@corp.cn", "new@corp.cn")))
                .extracting(Contact::email)
                .containsExactly("", "new@corp.cn");
    }

    @Test
    void aTextThatIsEmptyForAnEventGivesWayToTheStandardOne() throws Exception {
        Channel channel = Fixture.channel("we", Markup.WECOM, 4_096, List.of(), false, (message, picture) -> null);
        Notice good = Fixture.notice(Event.SUCCESS, "shop", 7);
        for (String own : List.of("", " \n", "{{#error}}Broken: {{error}}{{/error}}")) {
            assertThat(new Composer(() -> "id")
                            .compose(good, channel, List.of(), Template.parse(own), null, "", 1)
                            .get(0)
                            .content()
                            .body())
                    .as(own)
                    .contains("Succeeded", "shop #7");
        }
    }
}
