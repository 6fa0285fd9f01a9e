package io.jenkins.plugins.minibuild.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("branch", "main"),
            Map.entry("event", "push"),
            Map.entry("tag", "1.10"),
            Map.entry("matrix.node", "18"),
            Map.entry("variables.DEPLOY", "true"),
            Map.entry("variables.OFF", "false"),
            Map.entry("jobs.lint.result", "succeeded"),
            Map.entry("jobs.build job.outputs.x", "v1.2"),
            Map.entry("jobs.构建.outputs.x", "好"));

    /** Known values; only the folder src has changed. */
    record TestScope(Map<String, String> values, boolean success, boolean failure) implements Scope {
        @Override
        public String value(String name) {
            return values.get(name);
        }

        @Override
        public boolean changed(String pattern) {
            return pattern.startsWith("src/");
        }
    }

    private static boolean holds(String source) throws SyntaxException {
        return Expression.parse(source).holds(new TestScope(VALUES, true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "branch == 'main' && event != 'merge_request'",
                "branch == \"main\" and event == 'push'",
                "matrix.node == 18",
                "matrix.node == 18.0",
                "matrix.node == '18'",
                "matrix.node > 9",
                "matrix.node <= '18.5'",
                "matrix.node in [16, 18]",
                "branch in ['dev', 'main']",
                "branch not in ['dev']",
                "branch in [jobs.none.outputs.x, branch]",
                "jobs['build job'].outputs.x matches 'v\\d+\\.\\d+'",
                "jobs[\"build job\"]['outputs'].x == 'v1.2'",
                "jobs.构建.outputs.x == '好'",
                "jobs.lint.result == 'succeeded'",
                "variables.DEPLOY",
                "variables.DEPLOY == true",
                "!variables.OFF",
                "! ! variables.DEPLOY",
                "not not true",
                "not branch == 'dev'",
                "!(branch == 'dev')",
                "(branch == 'x' or branch == 'main') and true",
                "false and false or true",
                "true or false and false",
                "variables.none == ''",
                "not variables.none",
                "'a' < 'b'",
                "-1 < 1",
                "'10' > '9'",
                "'abc' > '9'",
                "changed('docs/**', 'src/**')",
                "success()",
                "always()",
                "not failure()",
                "author == ''",
                "(((branch)))"
            })
    void holds_(String source) throws SyntaxException {
        assertThat(holds(source)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "branch == 'Main'",
                "branch matches 'mai'",
                "branch matches ''",
                "matrix.node < 9",
                "tag == '1.1'",
                "tag in ['1.1']",
                "variables.OFF",
                "false or false and true",
                "not true or false",
                "changed('docs/**')",
                "failure()",
                "''",
                "jobs.lint.outputs.none",
                "branch != branch"
            })
    void doesNotHold(String source) throws SyntaxException {
        assertThat(holds(source)).isFalse();
    }

    @Test
    void withoutAQuestionForTheStatusItHoldsOnlyAfterSuccess() throws SyntaxException {
        Scope failed = new TestScope(VALUES, false, true);
        assertThat(Expression.parse("branch == 'main'").holds(failed)).isFalse();
        assertThat(Expression.parse("branch == 'main' and always()").holds(failed))
                .isTrue();
        assertThat(Expression.parse("branch == 'main' and failure()").holds(failed))
                .isTrue();
        assertThat(Expression.parse("success() or branch == 'main'").holds(failed))
                .isTrue();
    }

    @Test
    void whatItAsksForIsKnown() throws SyntaxException {
        Expression expression =
                Expression.parse("branch == 'a' and jobs['build job'].outputs.x == branch and changed('a/**')");
        assertThat(expression.names()).isEqualTo(Set.of("branch", "jobs.build job.outputs.x"));
        assertThat(expression.mentions())
                .containsExactly(
                        new Mention("branch", 0),
                        new Mention("jobs.build job.outputs.x", 18),
                        new Mention("branch", 49));
        assertThat(expression.asksForChanges()).isTrue();
        assertThat(expression.asksForStatus()).isFalse();
        assertThat(Expression.parse("failure()").asksForStatus()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "false;false",
                "true;true",
                "branch == 'a' and false;false",
                "not (true or branch == 'x');false",
                "1 == 2;false",
                "'a' in ['b'];false",
                "'a' in [branch, 'a'];true",
                "'a' matches 'b';false",
                "always();true",
                "branch == 'a';",
                "success();",
                "changed('x') or failure();",
                "branch in ['a'] or 1 > 2;"
            })
    void whatDoesNotDependOnAnythingIsKnownBefore(String source, Boolean value) throws SyntaxException {
        assertThat(Expression.parse(source).constant()).isEqualTo(Optional.ofNullable(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "''#0#it is empty",
                "branch = 'main'#7#at character 8: values are compared by ==",
                "branch == main#10#at character 11: there is no name \"main\"; there are branch, tag, target, event, commit, author, agent_os, variables.NAME, matrix.AXIS, jobs.NAME.result, jobs.NAME.outputs.KEY (put a text in quotes: 'main')",
                "brnch == 'a'#0#at character 1: there is no name \"brnch\"; there are branch, tag, target, event, commit, author, agent_os, variables.NAME, matrix.AXIS, jobs.NAME.result, jobs.NAME.outputs.KEY (did you mean branch?)",
                "jobs.lint == 'a'#0#at character 1: there is no name \"jobs.lint\"; there are branch, tag, target, event, commit, author, agent_os, variables.NAME, matrix.AXIS, jobs.NAME.result, jobs.NAME.outputs.KEY",
                "credentials.x == 'a'#0#at character 1: there is no name \"credentials.x\"; there are branch, tag, target, event, commit, author, agent_os, variables.NAME, matrix.AXIS, jobs.NAME.result, jobs.NAME.outputs.KEY",
                "true and sucess()#9#at character 10: there is no function \"sucess\"; there are success(), failure(), always(), changed() (did you mean success?)",
                "exec('x')#0#at character 1: there is no function \"exec\"; there are success(), failure(), always(), changed()",
                "branch == 'main#10#at character 11: the text that begins with ' does not end",
                "branch ==#9#at character 10: expected a name, a text in quotes, a number, true, false or a function, found the end",
                "branch 'main'#7#at character 8: expected the end, \"and\" or \"or\", found \"main\"",
                "(branch == 'a'#14#at character 15: expected ), found the end",
                "branch == 'a' & true#14#at character 15: one \"&\" means nothing; write && or \"and\"",
                "branch == 'a' | true#14#at character 15: one \"|\" means nothing; write || or \"or\"",
                "branch + 'a'#7#at character 8: \"+\" means nothing here",
                "${branch} == 'a'#0#at character 1: names have no $ here; write matrix.node instead of ${matrix.node}",
                "branch == tag == event#14#at character 15: comparisons stand side by side; connect them by \"and\", such as a == b and b == c",
                "(branch) == 'a'#9#at character 10: what stands before \"==\" is a condition, not a value; connect conditions by \"and\" and \"or\"",
                "!branch == 'a'#0#at character 1: it is not clear what \"!\" negates; write !(a == b), or a != b",
                "branch == ['a']#10#at character 11: a list stands behind \"in\" only, such as branch in ['main', 'dev']",
                "branch in 'a'#10#at character 11: expected [, found \"a\"",
                "branch not 'a'#11#at character 12: expected in, found \"a\"",
                "branch in ['a'#14#at character 15: expected ], found the end",
                "branch matches tag#15#at character 16: expected a regular expression in quotes, found \"tag\"",
                "branch matches '(a'#15#at character 16: \"(a\" is no regular expression: error parsing regexp: missing closing ): `(a`. Write one as RE2 has it, without look-around and back references",
                "changed(branch)#8#at character 9: expected a text in quotes, found \"branch\"",
                "changed('')#8#at character 9: changed() needs a pattern, such as changed('src/**')",
                "changed('/etc')#8#at character 9: '/etc' matches nothing in a repository: write the path from its top with forward slashes, without a slash at the beginning and without '..', such as src/** or **/*.json",
                "success('a')#8#at character 9: expected ), found \"a\"",
                "1.2.3 == tag#0#at character 1: \"1.2.3\" is no number; put texts in quotes",
                "18a == tag#0#at character 1: \"18\" is no number; put texts in quotes",
                "jobs[lint].result#4#at character 5: a name in brackets is written as jobs['build job'].result"
            },
            quoteCharacter = '~')
    void whatIsWrongIsSaidWithItsPlace(String source, int offset, String message) {
        String text = source.equals("''") ? "" : source;
        assertThatThrownBy(() -> Expression.parse(text))
                .isInstanceOf(SyntaxException.class)
                .hasMessage(message)
                .extracting(e -> ((SyntaxException) e).offset())
                .isEqualTo(offset);
    }

    @Test
    void whatIsWrongIsSaidInChineseToo() {
        try (BoundLocale chinese = BoundLocale.bind(Optional.of(Locale.SIMPLIFIED_CHINESE))) {
            assertThatThrownBy(() -> Expression.parse("branch =")).hasMessage("第 8 个字符：比较两个值应使用 ==");
        }
    }

    @Test
    void depthAndLengthAreBounded() throws SyntaxException {
        assertThat(holds("(".repeat(49) + "true" + ")".repeat(49))).isTrue();
        assertThatThrownBy(() -> Expression.parse("(".repeat(3_000) + "true" + ")".repeat(3_000)))
                .hasMessage("at character 51: more than 50 parentheses or negations are inside each other");
        assertThatThrownBy(() -> Expression.parse("not ".repeat(2_000) + "true"))
                .hasMessageContaining("more than 50 parentheses");
        assertThatThrownBy(() -> Expression.parse("!".repeat(2_000) + "true"))
                .hasMessageContaining("more than 50 parentheses");
        assertThat(holds("true" + " and true".repeat(1_000))).isTrue();
        assertThatThrownBy(() -> Expression.parse("true" + " and true".repeat(2_000)))
                .hasMessage("it is longer than 10,000 characters");
    }

    @Test
    void aPatternThatDoublesItsWorkElsewhereTakesLinearTime() throws SyntaxException {
        Scope scope = new TestScope(Map.of("branch", "a".repeat(100_000)), true, false);
        assertThat(Expression.parse("branch matches '(a|aa)+$|(a*)*b'").holds(scope))
                .isTrue();
        assertThat(Expression.parse("branch matches '(a*)*b'").holds(scope)).isFalse();
    }

    @Test
    void aPatternThatWouldNeedMuchMemoryIsRefused() {
        assertThatThrownBy(() -> Expression.parse("branch matches '((((a{100}){100}){100}){100}){100}'"))
                .isInstanceOf(SyntaxException.class)
                .hasMessageContaining("is too big: with its repetitions");
    }

    @Test
    void inJsonItIsItsSource() throws IOException {
        Expression expression = Expression.of("branch == 'a'");
        byte[] json = Json.bytes(expression);
        assertThat(Json.MAPPER.readValue(json, Expression.class))
                .isEqualTo(expression)
                .hasSameHashCodeAs(expression)
                .hasToString("branch == 'a'");
        assertThatThrownBy(() -> Expression.of("=")).isInstanceOf(IllegalArgumentException.class);
    }
}
