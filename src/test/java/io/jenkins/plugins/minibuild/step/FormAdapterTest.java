package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Descriptor.FormException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FormAdapterTest {
    private static final String FORM = "Failed to instantiate class X from {\"secret\":\"hunter2\"}";

    /** As Jenkins and Stapler wrap what the constructor of a describable throws. */
    private static LinkageError wrapped() {
        Throwable ours = new IllegalArgumentException("'a,b' is no name", new NumberFormatException());
        return new LinkageError(FORM, new IllegalArgumentException(FORM, ours));
    }

    @Test
    void aRefusedFormSaysWhatTheClassSaidAndNothingOfTheForm() {
        assertThatThrownBy(() -> FormAdapter.bound(() -> {
                    throw wrapped();
                }))
                .isInstanceOf(FormException.class)
                .hasMessageStartingWith("'a,b' is no name\n")
                .hasMessageContaining("Go back in the browser")
                .hasNoCause();
    }

    @Test
    void theSnippetGeneratorShowsTheWordsAndNoStackTrace() {
        assertThatThrownBy(() -> FormAdapter.boundStep(() -> {
                    throw wrapped();
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(thrown -> {
                    StringWriter shown = new StringWriter();
                    thrown.printStackTrace(new PrintWriter(shown));
                    assertThat(shown.toString().strip()).isEqualTo("'a,b' is no name");
                    assertThat(thrown).hasToString("'a,b' is no name");
                });
    }

    @Test
    void aNumberThatJenkinsItselfCannotReadIsNamedInASentence() {
        assertThatThrownBy(() -> FormAdapter.boundStep(() -> {
                    throw new LinkageError(
                            FORM,
                            new IllegalArgumentException(FORM, new NumberFormatException("For input string: \"abc\"")));
                }))
                .hasMessageContaining("'abc' is no whole number")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aClassThatCannotBeLoadedStaysAnError() {
        assertThatThrownBy(() -> FormAdapter.bound(() -> {
                    throw new NoClassDefFoundError("org/gone/Away");
                }))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void whatIsTakenIsReturned() throws FormException {
        assertThat(FormAdapter.bound(() -> "made")).isEqualTo("made");
        assertThat(FormAdapter.boundStep(() -> "made")).isEqualTo("made");
    }

    /** It said that the number cannot be -1, which nobody had written. */
    @Test
    void whatIsNoNumberIsNamedAsItWasWritten() {
        for (String bad : new String[] {"abc", "", "1,5", "2x"}) {
            assertThatThrownBy(() -> FormAdapter.number(bad)).hasMessageContaining("'" + bad + "' is no whole number");
            assertThatThrownBy(() -> FormAdapter.decimal(bad)).hasMessageContaining("'" + bad + "' is no number");
        }
        assertThatThrownBy(() -> FormAdapter.decimal("NaN")).hasMessageContaining("'NaN' is no number");
        assertThatThrownBy(() -> FormAdapter.decimal(null)).hasMessageContaining("'' is no number");
        assertThat(FormAdapter.number(" 20 ")).isEqualTo(20);
        assertThat(FormAdapter.decimal("-2.5")).isEqualTo(-2.5);
    }
}
