package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.diff.DiffText;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReviewAnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode answer() throws Exception {
        return (ObjectNode) JSON.readTree("""
                {"score": 50, "summary": "So.", "findings": [{"severity": "error", "category": "error handling", "file": "a.js", "fromLine": 1,
                "toLine": 2, "snippet": "x", "problem": "p", "suggestion": ""}], "verdicts": {"quality": {"passed": true, "comment": "c"},
                "security": {"passed": true, "comment": ""}, "error handling": {"passed": false, "comment": ""},
                "style": {"passed": true, "comment": ""}, "tests": {"passed": true, "comment": ""}}}
                """);
    }

    private static String mistakes(Consumer<ObjectNode> change) throws Exception {
        ObjectNode answer = answer();
        change.accept(answer);
        try {
            ReviewAnswer.read(answer);
            return "";
        } catch (ReviewAnswer.InvalidException e) {
            return e.getMessage();
        }
    }

    private static ObjectNode finding(ObjectNode answer) {
        return (ObjectNode) answer.get("findings").get(0);
    }

    @Test
    void aGoodAnswerIsRead() throws Exception {
        ReviewAnswer read = ReviewAnswer.read(answer());
        assertThat(read.score()).isEqualTo(50);
        assertThat(read.findings().get(0).category()).isEqualTo(Category.ERROR_HANDLING);
        assertThat(read.verdicts().get(Category.ERROR_HANDLING).passed()).isFalse();
    }

    @Test
    void eachMistakeIsNamedByItsPlace() throws Exception {
        assertThat(mistakes(a -> a.put("score", 101))).startsWith("score: ");
        assertThat(mistakes(a -> a.put("score", "50"))).startsWith("score: ");
        assertThat(mistakes(a -> a.put("score", 49.5))).startsWith("score: ");
        assertThat(mistakes(a -> a.remove("summary"))).startsWith("summary: ");
        assertThat(mistakes(a -> a.put("summary", " \u200b "))).startsWith("summary: ");
        assertThat(mistakes(a -> a.put("findings", "none"))).startsWith("findings: ");
        assertThat(mistakes(a -> a.putArray("findings").add(1))).contains("findings[0].file: ");
        assertThat(mistakes(a -> finding(a).put("severity", "fatal"))).startsWith("findings[0].severity: \"fatal\"");
        assertThat(mistakes(a -> finding(a).put("category", "luck"))).startsWith("findings[0].category: ");
        assertThat(mistakes(a -> finding(a).put("fromLine", 3_000_000_000L))).startsWith("findings[0].fromLine: ");
        assertThat(mistakes(a -> finding(a).remove("snippet"))).startsWith("findings[0].snippet: ");
        assertThat(mistakes(a -> ((ObjectNode) a.get("verdicts")).remove("tests")))
                .contains("verdicts.tests.passed: ");
    }

    @Test
    void noAnswerIsAMistakeToo() {
        assertThatThrownBy(() -> ReviewAnswer.read(null)).isInstanceOf(ReviewAnswer.InvalidException.class);
        assertThatThrownBy(() -> ReviewAnswer.read(JSON.valueToTree(List.of())))
                .isInstanceOf(ReviewAnswer.InvalidException.class);
    }

    @Test
    void wordsAreShortenedAndWhatNobodySeesIsTakenOut() throws Exception {
        ObjectNode answer = answer();
        finding(answer).put("problem", "a\u202Eb<!-- c -->" + "x".repeat(5000));
        String problem = ReviewAnswer.read(answer).findings().get(0).problem();
        assertThat(problem).startsWith("abxx").hasSize(2001).endsWith("…");
    }

    @Test
    void tenThousandFindingsAreSortedOutInNoTime() throws Exception {
        StringBuilder diff =
                new StringBuilder("diff --git a/a.js b/a.js\n--- a/a.js\n+++ b/a.js\n@@ -0,0 +1,5000 @@\n");
        for (int i = 1; i <= 5000; i++) {
            diff.append("+call(").append(i).append(");\n");
        }
        ObjectNode answer = answer();
        ObjectNode one = finding(answer).deepCopy();
        var list = answer.putArray("findings");
        for (int i = 1; i <= 10_000; i++) {
            list.add(one.deepCopy().put("fromLine", i).put("toLine", i).put("snippet", "call(" + i + ");"));
        }
        long start = System.nanoTime();
        Places places = new Places(DiffText.parse(diff.toString()));
        ReviewAnswer.read(answer).findings().forEach(places::take);
        assertThat(places.findings()).hasSize(200);
        assertThat(places.dropped()).isEqualTo(new ReviewReport.Dropped(5000, 0, 0, 4800));
        assertThat((System.nanoTime() - start) / 1_000_000_000).isLessThan(20);
    }

    @Test
    void whateverItIsGivenItAnswersOrNamesMistakes() throws Exception {
        Random random = new Random(11);
        String text = answer().toString();
        for (int run = 0; run < 3000; run++) {
            StringBuilder broken = new StringBuilder(text);
            for (int i = 0; i < 3; i++) {
                broken.setCharAt(random.nextInt(broken.length()), "{}[]:,\"019aet ".charAt(random.nextInt(14)));
            }
            JsonNode node;
            try {
                node = JSON.readTree(broken.toString());
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                continue;
            }
            try {
                assertThat(ReviewAnswer.read(node).score()).isBetween(0, 100);
            } catch (ReviewAnswer.InvalidException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
