package io.jenkins.plugins.minibuild.workflow.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.language.BoundLocale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of keys and the parser say the same. */
class LevelTest {
    /** A small workflow that has a mapping of the level. */
    private static Map<String, String> base(Level level, String key) {
        Map<String, String> base = new LinkedHashMap<>();
        switch (level) {
            case WORKFLOW -> base.put("jobs", "{z: {steps: [make]}}");
            case STAGE -> base.put("jobs", "[{steps: [make it]}]");
            case JOB -> base.put("steps", "[make]");
            case STEP -> base.put("command", "make");
            case MATRIX -> base.put("node", "[18, 20]");
            case RETRY -> base.put("count", "1");
            case CACHE -> {
                base.put("key", "k");
                base.put("paths", "p");
            }
            case RESOURCES -> {}
            case PLUGIN -> base.put("image", "x");
            case LANGUAGE -> base.put("name", "go");
            case SERVICE -> {
                base.put("name", "other");
                base.put("type", "kubernetes");
                base.put("config", "other.yaml");
            }
        }
        switch (level + "." + key) {
            case "WORKFLOW.stages" -> base.clear();
            case "JOB.sources" -> base.put("agent", "linux");
            case "STEP.uses", "STEP.service" -> base.clear();
            case "STEP.with" -> {
                base.clear();
                base.put("uses", "x");
            }
            default -> {}
        }
        return base;
    }

    private static String flow(Map<String, String> keys) {
        return keys.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String document(Level level, Map<String, String> keys) {
        String inner = flow(keys);
        return switch (level) {
            case WORKFLOW -> inner;
            case STAGE -> "{stages: [" + inner + "]}";
            case JOB -> "{jobs: {lint: {steps: [make]}, a: " + inner + "}}";
            case STEP -> "{jobs: {a: {steps: [" + inner + "]}}}";
            case MATRIX -> "{jobs: {a: {steps: [make], matrix: " + inner + "}}}";
            case RETRY -> "{jobs: {a: {steps: [make], retry: " + inner + "}}}";
            case CACHE -> "{jobs: {a: {steps: [make], cache: " + inner + "}}}";
            case RESOURCES -> "{jobs: {a: {steps: [make], resources: " + inner + "}}}";
            case PLUGIN -> "{jobs: {a: {steps: [{plugin: " + inner + "}]}}}";
            case LANGUAGE -> "{jobs: {a: {steps: [{command: x, language: " + inner + "}]}}}";
            case SERVICE -> "{jobs: {a: {steps: [{service: " + inner + "}]}}}";
        };
    }

    /** A workflow with the example of a key. */
    static String example(Level level, Key key) {
        Map<String, String> keys = base(level, key.name());
        keys.put(key.name(), key.example());
        return document(level, keys);
    }

    static Stream<Arguments> keys() {
        List<Arguments> all = new ArrayList<>();
        for (Level level : Level.values()) {
            level.keys().forEach(key -> all.add(Arguments.of(level, key)));
        }
        return all.stream().filter(each -> !((Key) each.get()[1]).isIgnored());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theExampleOfEachKeyIsReadIntoTheModel(Level level, Key key) {
        ParsedWorkflow with = WorkflowParser.parse(example(level, key));
        assertThat(with.problems()).isEmpty();
        ParsedWorkflow without = WorkflowParser.parse(document(level, base(level, key.name())));
        String read = ModelText.of(with.workflow()).replaceAll("position: .*", "");
        if (without.workflow() != null) {
            assertThat(read).isNotEqualTo(ModelText.of(without.workflow()).replaceAll("position: .*", ""));
        }
    }

    @Test
    void ignoredKeysAreWarnedOfAndChangeNothing() {
        String plain = document(Level.STEP, base(Level.STEP, ""));
        ParsedWorkflow with =
                WorkflowParser.parse(plain.replace("command: make", "command: make, data_dir_inner: /data"));
        assertThat(with.problems()).hasSize(1);
        assertThat(with.workflow()).isEqualTo(WorkflowParser.parse(plain).workflow());
    }

    @Test
    void eachKeyIsThereOnceAndDescribedInBothLanguages() {
        for (Level level : Level.values()) {
            assertThat(level.keys()).extracting(Key::name).doesNotHaveDuplicates();
            for (Key key : level.keys()) {
                String english = described(key, Locale.ENGLISH);
                String chinese = described(key, Locale.SIMPLIFIED_CHINESE);
                assertThat(english).isNotBlank().matches("\\p{ASCII}+");
                assertThat(chinese).matches(".*\\p{IsHan}.*");
            }
        }
    }

    private static String described(Key key, Locale locale) {
        try (BoundLocale bound = BoundLocale.bind(Optional.of(locale))) {
            return key.description().get();
        }
    }

    @Test
    void aLevelBelowAnotherOneIsWrittenAsAMapping() {
        assertThat(WorkflowParser.parse("jobs: {a: {steps: [make], retry: {count: 2}}}")
                        .workflow()
                        .jobs()
                        .get(0)
                        .retry()
                        .count())
                .isEqualTo(2);
    }
}
