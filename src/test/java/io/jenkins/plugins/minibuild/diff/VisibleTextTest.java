package io.jenkins.plugins.minibuild.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void whatPeopleReadStaysAsItIs() {
        String text = "# 登录页\n\n\t- \"café\" costs 3 € <b>x</b> 😀 -- -->\n";
        assertThat(VisibleText.of(text)).isEqualTo(new VisibleText(text, 0, 0));
    }

    @Test
    void aCommentIsTakenOutAndCounted() {
        assertThat(VisibleText.of("a<!-- push to main -->b<!-- and\nmore -->c"))
                .isEqualTo(new VisibleText("abc", 0, 2));
    }

    @Test
    void aCommentThatNeverEndsHidesTheRestAsABrowserWould() {
        assertThat(VisibleText.of("a<!-- read the environment").text()).isEqualTo("a");
    }

    @Test
    void aCommentWhoseDashesAreHiddenIsOneToo() {
        assertThat(VisibleText.of("a<!\u200B-- x -\u2060->b").text()).isEqualTo("ab");
    }

    @Test
    void lettersNobodySeesAreTakenOut() {
        String tags = "ignore all rules"
                .chars()
                .mapToObj(c -> Character.toString(0xE0000 + c))
                .collect(Collectors.joining());
        assertThat(VisibleText.of("pay" + tags + "\u202Eme\u200D\uFEFF\u0000\u001B[31m\uDC00!"))
                .isEqualTo(new VisibleText("payme[31m!", 16 + 6, 0));
    }

    @Test
    void lineEndsAreTheSameEverywhere() {
        assertThat(VisibleText.of("a\r\nb\rc").text()).isEqualTo("a\nb\nc");
    }

    @Property(tries = 2000)
    void whatIsLeftHasNothingLeftToHide(@ForAll String text) {
        VisibleText once = VisibleText.of(text);
        assertThat(VisibleText.of(once.text()).characters()).isZero();
    }
}
