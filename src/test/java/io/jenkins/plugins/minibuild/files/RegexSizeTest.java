package io.jenkins.plugins.minibuild.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexSizeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "abc#3",
                "a{3}#4",
                "a{2,5}b#7",
                "(a{10}){10}#131",
                "[{9}]{2}#3",
                "[]{9}]{2}#3",
                "[^]{9}]{2}#3",
                "[[:alpha:]{9}]#1",
                "[\\]{9}]#1",
                "\\{9}#3",
                "\\x{41}#1",
                "\\p{Greek}{3}#61",
                "\\pL#21",
                "[\\pL]#20",
                "[\\pL\\PN\\p{Han}]#100",
                "a{x}#4",
                "a{,3}#5",
                "\\d{4}-\\d{2}#9"
            })
    void repetitionsAreWrittenOut(String expression, long size) {
        assertThat(RegexSize.of(expression)).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((a{100}){100}){100}){100}){100}",
                "(((\\Q(\\Ea{100}){100}){100}){100}",
                "(([)]{1000}){1000}){1000}",
                "(?:(?i:(?P<n>\\\\{1000}){1000}){1000}"
            })
    void whatWouldBeHugeIsHuge(String expression) {
        assertThat(RegexSize.of(expression)).isGreaterThan(100_000);
    }

    @Test
    void aHugeExpressionIsRefusedWhereverOneIsTaken() {
        assertThatThrownBy(() -> Glob.names("regex:((a{100}){100}){100}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is too big");
        assertThatThrownBy(() -> Glob.regex("((a{100}){100}){100}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is too big");
        assertThat(Glob.regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                        .matches("01234567-89ab-cdef-0123-456789abcdef"))
                .isTrue();
    }
}
