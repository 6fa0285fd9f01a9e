package io.jenkins.plugins.minibuild.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.workflow.expression.Reference.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static Reference only(String source) throws SyntaxException {
        assertThat(Template.parse(source).references()).hasSize(1);
        return Template.parse(source).references().get(0);
    }

    @Test
    void eachKindOfReferenceIsRead() throws SyntaxException {
        assertThat(only("${matrix.node}")).isEqualTo(new Reference(Kind.MATRIX, "node", ""));
        assertThat(only("${variables.APP_ID}")).isEqualTo(new Reference(Kind.VARIABLE, "APP_ID", ""));
        assertThat(only("${jobs.lint.outputs.x}")).isEqualTo(new Reference(Kind.OUTPUT, "lint", "x"));
        assertThat(only("${credentials.shop.key}")).isEqualTo(new Reference(Kind.CREDENTIAL, "shop.key", ""));
        assertThat(only("${credentials.shop.username}")).isEqualTo(new Reference(Kind.CREDENTIAL, "shop", "username"));
        assertThat(only("${credentials.shop.password}")).isEqualTo(new Reference(Kind.CREDENTIAL, "shop", "password"));
    }

    @Test
    void theNameOfAJobIsEverythingBeforeTheLastOutputs() throws SyntaxException {
        assertThat(only("${jobs.构建.构建 前端.outputs.版本-1}".replace("版本-1", "version-1")))
                .isEqualTo(new Reference(Kind.OUTPUT, "构建.构建 前端", "version-1"));
        assertThat(only("${jobs.a.outputs.b.outputs.c}")).isEqualTo(new Reference(Kind.OUTPUT, "a.outputs.b", "c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$NAME and ${NAME}",
                "${X:-y} ${X%%.*} ${#X} ${matrix} ${matrixx.y}",
                "$(date) $((1 + 2)) $$ $",
                "${",
                "a ${{ matrix.node }}",
                "${ matrix.node }",
                "node:20"
            })
    void whatIsTheShellsStaysText(String source) throws SyntaxException {
        Template template = Template.parse(source);
        assertThat(template.references()).isEmpty();
        assertThat(template.resolve(reference -> "never")).isEqualTo(source);
    }

    @Test
    void valuesTakeThePlacesOfReferencesOnly() throws SyntaxException {
        Template template = Template.parse("a ${matrix.x}${matrix.y} $HOME ${jobs.build it.outputs.z}!");
        assertThat(template.resolve(reference -> "<" + reference.name() + ">")).isEqualTo("a <x><y> $HOME <build it>!");
        assertThat(template.offsets()).containsExactly(2, 13, 31);
    }

    @Test
    void aReferenceInAValueIsNotReadAgain() throws SyntaxException {
        assertThat(Template.parse("${matrix.x}").resolve(reference -> "${matrix.y}"))
                .isEqualTo("${matrix.y}");
    }

    @ParameterizedTest
    @CsvSource({
        "$${matrix.x},${matrix.x}",
        "a$${jobs.b.outputs.c}d,a${jobs.b.outputs.c}d",
        "$$${matrix.x},$${matrix.x}",
        "$${NAME},$${NAME}",
        "$${matrix.x not closed,${matrix.x not closed"
    })
    void twoDollarsAreTheTextItself(String source, String text) throws SyntaxException {
        assertThat(Template.parse(source).references()).isEmpty();
        assertThat(Template.parse(source).resolve(reference -> "never")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${jobs.lint.x}|0|at character 1: ${jobs.lint.x} is no reference; write ${jobs.NAME.outputs.KEY}",
                "a ${jobs..outputs.x}|2|at character 3: ${jobs..outputs.x} is no reference; write ${jobs.NAME.outputs.KEY}",
                "${jobs.a.outputs.}|0|at character 1: ${jobs.a.outputs.} is no reference; write ${jobs.NAME.outputs.KEY}",
                "${jobs.outputs.x}|0|at character 1: ${jobs.outputs.x} is no reference; write ${jobs.NAME.outputs.KEY}",
                "${matrix.}|0|at character 1: ${matrix.} is no reference; a name has letters, digits, _ and - only",
                "${matrix.x:-y}|0|at character 1: ${matrix.x:-y} is no reference; a name has letters, digits, _ and - only",
                "${variables.a b}|0|at character 1: ${variables.a b} is no reference; a name has letters, digits, _ and - only",
                "${credentials.}|0|at character 1: ${credentials.} is no reference; write ${credentials.ID}, ${credentials.ID.username} or ${credentials.ID.password}",
                "x${matrix.node|1|at character 2: the reference that begins with ${matrix.node has no closing brace on its line; for the text itself write $${",
                "${matrix.a${matrix.b}}|0|at character 1: the reference that begins with ${matrix.a${matrix.b}} has no closing brace on its line; for the text itself write $${"
            })
    void whatIsMeantAsAReferenceAndIsNoneIsRefused(String source, int offset, String message) {
        assertThatThrownBy(() -> Template.parse(source))
                .isInstanceOf(SyntaxException.class)
                .hasMessage(message)
                .extracting(e -> ((SyntaxException) e).offset())
                .isEqualTo(offset);
    }

    @Test
    void aReferenceDoesNotGoOnInTheNextLine() {
        assertThatThrownBy(() -> Template.parse("${jobs.a\nb.outputs.x}"))
                .isInstanceOf(SyntaxException.class)
                .hasMessageContaining("begins with ${jobs.a has no closing brace");
    }

    @Test
    void aLongTextTakesTimeInProportion() throws SyntaxException {
        assertThat(Template.parse("${matrix.x}".repeat(90_000)).references()).hasSize(90_000);
        assertThat(Template.parse("${x".repeat(300_000)).references()).isEmpty();
    }

    @Test
    void inJsonItIsItsSource() throws IOException {
        Template template = Template.of("a ${matrix.x}");
        byte[] json = Json.bytes(template);
        assertThat(json).asString().isEqualTo("\"a ${matrix.x}\"");
        assertThat(Json.MAPPER.readValue(json, Template.class))
                .isEqualTo(template)
                .hasSameHashCodeAs(template)
                .hasToString("a ${matrix.x}");
        assertThatThrownBy(() -> Template.of("${matrix.}")).isInstanceOf(IllegalArgumentException.class);
    }
}
