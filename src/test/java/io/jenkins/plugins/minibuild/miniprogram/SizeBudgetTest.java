package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** A team's own limits for the packages of a program. */
class SizeBudgetTest {

    @Test
    void namesEachPackageThatIsOverItsBudget() {
        SizeBudget budget = SizeBudget.of("main=1.5MB, subpackage=300 KB\ntotal=2mb, club = 100B");

        assertThat(budget.exceeded(sizes(2 * 1024 * 1024 + 1, 1536 * 1024, 300 * 1024 + 1024, 101)))
                .containsExactly(
                        "all packages: 2.00 MB, over its budget of 2.00 MB by 1 B",
                        "/orders/: 301.0 KB, over its budget of 300.0 KB by 1.0 KB",
                        "/club/: 101 B, over its budget of 100 B by 1 B");
    }

    @Test
    void whatKeepsItsBudgetOrHasNoneIsFine() {
        assertThat(SizeBudget.of("main=1MB").exceeded(sizes(1 << 30, 1 << 20, 1 << 30, 1 << 30)))
                .isEmpty();
        assertThat(SizeBudget.of("total=5").of(sizes(1, 1, 1, 1), "/nowhere/")).isNull();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", "\n", " , "})
    void nothingLimitsNothing(String text) {
        assertThat(SizeBudget.of(text).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"main", "main=", "main=0", "main=-1MB", "=1MB", "main=1GB", "main=x", "2MB", "main=1MB total=2MB"
            })
    void aBudgetThatCannotBeReadShowsTheForm(String text) {
        assertThatThrownBy(() -> SizeBudget.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("main=1.5MB");
    }

    @Test
    void readsWhatItWrites() {
        String text = SizeBudget.of("main=1.5MB, total=8MB, a/b=7").toString();

        assertThat(text).isEqualTo("main=1536KB, total=8MB, a/b=7B");
        assertThat(SizeBudget.of(text)).hasToString(text);
    }

    private static PackageSizes sizes(long whole, long main, long orders, long club) {
        ArrayNode info = JsonNodeFactory.instance.arrayNode();
        info.addObject().put("name", PackageSizes.WHOLE).put("size", whole);
        info.addObject().put("name", PackageSizes.MAIN).put("size", main);
        info.addObject().put("name", "/orders/").put("size", orders);
        info.addObject().put("name", "/club/").put("size", club);
        return PackageSizes.read(info, ProjectType.MINI_PROGRAM);
    }
}
