package io.jenkins.plugins.minibuild.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import jenkins.security.MasterToSlaveCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.localizer.LocaleProvider;

class BoundLocaleTest {
    private static final Optional<Locale> CHINESE = Language.CHINESE.locale();
    private static final Optional<Locale> ENGLISH = Language.ENGLISH.locale();

    private static String said() {
        return Messages.Language_inherited();
    }

    @Test
    void whatAThreadWritesIsInTheLanguageThatIsBoundToIt() {
        Locale before = LocaleProvider.getLocale();
        try (BoundLocale outer = BoundLocale.bind(CHINESE)) {
            assertThat(said()).contains("\u6587\u4ef6\u5939");
            try (BoundLocale inner = BoundLocale.bind(ENGLISH)) {
                assertThat(said()).isEqualTo("As the folder above, or the controller");
                try (BoundLocale nothing = BoundLocale.bind(Optional.empty())) {
                    assertThat(BoundLocale.bound()).isEqualTo(ENGLISH);
                }
            }
            assertThat(said()).contains("\u6587\u4ef6\u5939");
        }
        assertThat(LocaleProvider.getLocale()).isEqualTo(before);
    }

    @Test
    void anotherThreadWritesAsBefore() throws Exception {
        Locale before = LocaleProvider.getLocale();
        try (BoundLocale here = BoundLocale.bind(before.equals(Locale.ENGLISH) ? CHINESE : ENGLISH)) {
            assertThat(CompletableFuture.supplyAsync(LocaleProvider::getLocale).get())
                    .isEqualTo(before);
        }
    }

    @Test
    void anAgentSpeaksTheLanguageOfTheThreadThatAsks() throws Exception {
        // As the channel of an agent does, it calls on a thread that is not the asker's.
        VirtualChannel agent = (VirtualChannel) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {VirtualChannel.class}, (channel, method, arguments) -> {
                    CompletableFuture<Object> answer =
                            CompletableFuture.supplyAsync(() -> called((hudson.remoting.Callable<?, ?>) arguments[0]));
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {hudson.remoting.Future.class},
                            (future, asked, limits) -> asked.invoke(answer, limits));
                });
        try (BoundLocale here = BoundLocale.bind(CHINESE)) {
            assertThat(AgentAnswer.call(agent, new Saying(), String.class)).contains("\u6587\u4ef6\u5939");
        }
        try (BoundLocale here = BoundLocale.bind(ENGLISH)) {
            assertThat(AgentAnswer.call(agent, new Saying(), String.class)).startsWith("As the folder");
        }
    }

    private static Object called(hudson.remoting.Callable<?, ?> call) {
        try {
            return call.call();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Saying extends MasterToSlaveCallable<String, IOException> {
        private static final long serialVersionUID = 1L;

        @Override
        public String call() {
            return said();
        }
    }

    @ParameterizedTest
    @CsvSource({"zh-CN,CHINESE", "zh-TW,CHINESE", "zh,CHINESE", "en-GB,ENGLISH", "de,ENGLISH"})
    void theFormProposesTheLanguageOfItsReader(String reader, Language proposed) {
        assertThat(Language.closestTo(Locale.forLanguageTag(reader))).isEqualTo(proposed);
    }

    @Test
    void aLanguageThatThePluginDoesNotHaveIsRefusedByName() {
        assertThat(Language.of(" ZH ")).isEqualTo(Language.CHINESE);
        try (BoundLocale here = BoundLocale.bind(ENGLISH)) {
            assertThatThrownBy(() -> Language.of("fr"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There is no language \"fr\". There are: system, en, zh");
        }
    }
}
