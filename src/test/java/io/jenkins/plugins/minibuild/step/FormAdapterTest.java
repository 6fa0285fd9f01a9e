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
                .hasMessage("'a,b' is no name")
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
                    assertThat(shown.toString().strip()).endsWith("'a,b' is no name");
                });
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
}
