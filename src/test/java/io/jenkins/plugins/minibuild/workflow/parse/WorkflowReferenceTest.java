package io.jenkins.plugins.minibuild.workflow.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowReferenceTest {
    private static final String BEGIN = "<!-- reference: begin -->\n";
    private static final String END = "<!-- reference: end -->\n";

    /** The part of a page between the markers. */
    private static String section(String page) {
        assertThat(page).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
        return page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END))
                .strip();
    }

    @ParameterizedTest
    @CsvSource({"docs/workflow.md,en", "docs/workflow.zh-CN.md,zh-CN"})
    void thePageSaysWhatTheTableSays(String page, String language) {
        assertThat(section(Examples.read(Path.of(page))))
                .isEqualTo(WorkflowReference.markdown(Locale.forLanguageTag(language))
                        .strip());
    }

    @Test
    void eachKeyOfEachLevelHasARow() {
        String text = WorkflowReference.markdown(Locale.ENGLISH);
        for (Level level : Level.values()) {
            String heading = "### Keys of " + level.words() + "\n";
            assertThat(text).contains(heading);
            String rest = text.substring(text.indexOf(heading) + heading.length());
            String section = rest.contains("\n### ") ? rest.substring(0, rest.indexOf("\n### ")) : rest;
            level.names().forEach(name -> assertThat(section).contains("\n| `" + name + "` |"));
        }
    }
}
