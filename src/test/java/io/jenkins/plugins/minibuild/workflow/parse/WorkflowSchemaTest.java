package io.jenkins.plugins.minibuild.workflow.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowSchemaTest {
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(WorkflowSchema.json(Locale.ENGLISH));

    private static Set<ValidationMessage> wrong(String yaml) {
        Problems problems = new Problems();
        Yaml value = new YamlReader(problems).read(yaml).orElseThrow();
        assertThat(problems.sorted()).isEmpty();
        return SCHEMA.validate(WorkflowSchema.json(value));
    }

    static Stream<Path> good() {
        return WorkflowParserTest.good();
    }

    static Stream<Arguments> keys() {
        return LevelTest.keys();
    }

    @Test
    void itIsASchema() {
        JsonSchema meta = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(com.networknt.schema.SchemaLocation.of("http://json-schema.org/draft-07/schema#"));
        assertThat(meta.validate(WorkflowSchema.json(Locale.ENGLISH))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodFilesAreValid(Path file) {
        assertThat(wrong(Examples.read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theExampleOfEachKeyIsValid(Level level, Key key) {
        assertThat(wrong(LevelTest.example(level, key))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void eachKeyIsInItWithItsDescription(Level level, Key key) {
        JsonNode properties = level == Level.WORKFLOW
                ? WorkflowSchema.json(Locale.ENGLISH).get("properties")
                : WorkflowSchema.json(Locale.ENGLISH)
                        .get("definitions")
                        .get(level.name().toLowerCase(Locale.ROOT))
                        .get("properties");
        assertThat(properties.get(key.name()).get("description").asText()).isNotBlank();
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        assertThat(names).isEqualTo(level.keys().stream().map(Key::name).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{jobs: {a: {steps: [make]}}, stages: [{jobs: [{steps: [make]}]}]}",
                "{jobs: {a: {steps: [make]}}, nmae: x}",
                "{jobs: {}}",
                "{stages: []}",
                "{jobs: {a: {steps: []}}}",
                "{jobs: {a: {}}}",
                "{jobs: {a: {steps: make}}}",
                "{jobs: {a: {steps: [{comand: make}]}}}",
                "{jobs: {a: {steps: [make], timeout: soon}}}",
                "{jobs: {a: {steps: [make], timeout: 0}}}",
                "{jobs: {a: {steps: [make], retry: 11}}}",
                "{jobs: {a: {steps: [make], retry: {backoff: 3}}}}",
                "{jobs: {a: {steps: [make], sources: clone}}}",
                "{jobs: {a: {steps: [make], matrix: {node: {a: b}}}}}",
                "{jobs: {a: {steps: [make], continue_on_error: maybe}}}",
                "{environment: [CI], jobs: {a: {steps: [make]}}}",
                "{jobs: {a: {steps: [make], resources: {memory: much}}}}",
                "{jobs: {a: {steps: [{service: {name: a, type: compose, config: x}}]}}}"
            })
    void whatTheParserRefusesOrWarnsOfIsNotValid(String yaml) {
        assertThat(WorkflowParser.parse(yaml).problems()).isNotEmpty();
        assertThat(wrong(yaml)).isNotEmpty();
    }

    @Test
    void itsDescriptionsAreInTheLanguageAskedFor() {
        assertThat(WorkflowSchema.text(Locale.ENGLISH))
                .contains("The name of the workflow.")
                .endsWith("}\n");
        assertThat(WorkflowSchema.text(Locale.SIMPLIFIED_CHINESE)).contains("工作流的名称。");
    }

    /** Editors read it from the repository. */
    @Test
    void itStandsInTheDocuments() {
        assertThat(Examples.read(Path.of("docs/workflow.schema.json"))).isEqualTo(WorkflowSchema.text(Locale.ENGLISH));
    }
}
