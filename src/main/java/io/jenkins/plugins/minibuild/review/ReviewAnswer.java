package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The answer of a model. Its form is checked; {@link Places} checks whether its remarks fit the change. Immutable.
 *
 * @param resolved fingerprints of earlier findings that no longer hold
 */
record ReviewAnswer(
        int score,
        String summary,
        List<Remark> findings,
        Map<Category, ReviewReport.Verdict> verdicts,
        List<String> resolved) {
    /** The form that the model is asked for, as JSON Schema. */
    static final String SCHEMA = schema();

    private static final int LONGEST_SUMMARY = 4000;
    private static final int LONGEST_TEXT = 2000;
    private static final int MOST_MISTAKES = 20;

    /** The answer has another form. The message names the mistakes. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(List<String> mistakes) {
            super(String.join("\n", mistakes));
        }
    }

    /** Copies the lists. */
    ReviewAnswer {
        findings = List.copyOf(findings);
        verdicts = Collections.unmodifiableMap(new EnumMap<>(verdicts));
        resolved = List.copyOf(resolved);
    }

    private static String schema() {
        try (InputStream in = ReviewAnswer.class.getResourceAsStream("review.schema.json")) {
            return Json.MAPPER.readTree(in).toString();
        } catch (IOException e) {
            throw new IllegalStateException("The plugin is broken: review.schema.json is missing", e);
        }
    }

    /**
     * Checks an answer.
     *
     * @param answer null for none
     * @throws InvalidException naming the mistakes by their places
     */
    static ReviewAnswer read(@CheckForNull JsonNode answer) throws InvalidException {
        if (answer == null || !answer.isObject()) {
            throw new InvalidException(List.of(Messages.ReviewAnswer_none()));
        }
        Reader reader = new Reader();
        int score = reader.number(answer.path("score"), "score", 0, 100);
        String summary = reader.text(answer.path("summary"), "summary", LONGEST_SUMMARY, true);
        List<Remark> remarks = new ArrayList<>();
        JsonNode list = answer.path("findings");
        if (!list.isArray()) {
            reader.mistake("findings", Messages.ReviewAnswer_list());
        }
        for (int i = 0; i < list.size(); i++) {
            remarks.add(reader.remark(list.get(i), "findings[" + i + "]"));
        }
        Map<Category, ReviewReport.Verdict> verdicts = new EnumMap<>(Category.class);
        for (Category category : Category.values()) {
            String place = "verdicts." + category.word();
            JsonNode verdict = answer.path("verdicts").path(category.word());
            if (!verdict.path("passed").isBoolean()) {
                reader.mistake(place + ".passed", Messages.ReviewAnswer_flag());
            }
            verdicts.put(
                    category,
                    new ReviewReport.Verdict(
                            category,
                            verdict.path("passed").asBoolean(),
                            reader.text(verdict.path("comment"), place + ".comment", LONGEST_TEXT, false)));
        }
        List<String> resolved = new ArrayList<>();
        answer.path("resolved").forEach(each -> resolved.add(each.asText()));
        if (!reader.mistakes.isEmpty()) {
            throw new InvalidException(reader.mistakes);
        }
        return new ReviewAnswer(score, summary, remarks, verdicts, resolved);
    }

    /** Collects mistakes instead of stopping at the first. */
    private static final class Reader {
        private final List<String> mistakes = new ArrayList<>();

        void mistake(String place, String what) {
            if (mistakes.size() < MOST_MISTAKES) {
                mistakes.add(place + ": " + what);
            }
        }

        Remark remark(JsonNode node, String place) {
            return new Remark(
                    severity(node.path("severity").asText(), place),
                    category(node.path("category").asText(), place),
                    new Remark.Lines(
                            raw(node.path("file"), place + ".file"),
                            number(node.path("fromLine"), place + ".fromLine", 0, Integer.MAX_VALUE),
                            number(node.path("toLine"), place + ".toLine", 0, Integer.MAX_VALUE)),
                    raw(node.path("snippet"), place + ".snippet"),
                    text(node.path("problem"), place + ".problem", LONGEST_TEXT, true),
                    text(node.path("suggestion"), place + ".suggestion", LONGEST_TEXT, false));
        }

        private Severity severity(String word, String place) {
            try {
                return Severity.of(word);
            } catch (IllegalArgumentException e) {
                mistake(place + ".severity", e.getMessage());
                return Severity.INFO;
            }
        }

        private Category category(String word, String place) {
            try {
                return Category.of(word);
            } catch (IllegalArgumentException e) {
                mistake(place + ".category", e.getMessage());
                return Category.QUALITY;
            }
        }

        int number(JsonNode node, String place, int least, int most) {
            if (!node.isIntegralNumber()
                    || !node.canConvertToInt()
                    || node.intValue() < least
                    || node.intValue() > most) {
                mistake(place, Messages.ReviewAnswer_number(least, most));
                return least;
            }
            return node.intValue();
        }

        /** As it was said: it is compared, not shown. */
        String raw(JsonNode node, String place) {
            if (!node.isTextual()) {
                mistake(place, Messages.ReviewAnswer_text());
            }
            return node.asText();
        }

        /** Without characters that nobody sees, and cut where it is too long to be read. */
        String text(JsonNode node, String place, int longest, boolean needed) {
            String text = VisibleText.of(raw(node, place)).text().strip();
            if (needed && text.isEmpty() && node.isTextual()) {
                mistake(place, Messages.ReviewAnswer_empty());
            }
            return text.length() > longest ? text.substring(0, longest) + "…" : text;
        }
    }
}
