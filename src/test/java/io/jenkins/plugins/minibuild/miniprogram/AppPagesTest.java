package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppPagesTest {
    private static final String APP =
            "\uFEFF{\"pages\": [\"pages/index/index\"], \"subpackages\": [{\"root\": \"/shop/\", \"pages\": [\"a/a\"]}], "
                    + "\"subPackages\": [{\"root\": \"user\", \"pages\": [\"/me\"]}]}";

    @Test
    void aPageThatIsNotListedIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> AppPages.of(APP).check("pages/nope/nope"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("pages/nope/nope")
                .hasMessageContaining("pages/index/index, user/me, shop/a/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages/index/index", "shop/a/a", "/user/me", ""})
    void aListedPagePasses(String page) {
        assertThatCode(() -> AppPages.of(APP).check(page)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"pages\": 7, \"subPackages\": {\"root\": []}}",
                "{\"deviceOrientation\": \"portrait\"}"
            })
    void withoutAListOfPagesNothingIsRefused(String text) {
        assertThatCode(() -> AppPages.of(text).check("pages/x")).doesNotThrowAnyException();
        assertThat(AppPages.of(text).paths()).isEmpty();
    }
}
