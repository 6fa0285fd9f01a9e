package io.jenkins.plugins.minibuild.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.http.Http;
import java.net.http.HttpClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgesConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "https://git.example.com,                 false, https://git.example.com",
        "https://Git.Example.com/,                false, https://git.example.com",
        "https://git.example.com:443,             false, https://git.example.com",
        "https://git.example.com:8443,            false, https://git.example.com:8443",
        "HTTPS://git.example.com,                 false, https://git.example.com",
        "http://git.example.com,                  true,  http://git.example.com",
        "http://127.0.0.1:8080,                   true,  http://127.0.0.1:8080",
        "http://git.example.com,                  false, not encrypted",
        "git.example.com,                         false, is not the address",
        "ssh://git.example.com,                   true,  is not the address",
        "https://,                                false, is not the address",
        "https://bot:secret@git.example.com,      false, is not the address",
        "https://git.example.com?x=1,             false, is not the address",
        "https://git.example.com#x,               false, is not the address",
        "https://git.example.com:99999,           false, is not the address",
        "https://git example.com,                 false, is not the address",
        "javascript:alert(1),                     true,  is not the address",
        "https://git.example.com/gitlab,          false, has a path",
    })
    void aWebAddressIsTakenOrTheMessageSaysWhatIsWrong(String address, boolean plainHttp, String expected) {
        if (expected.startsWith("http")) {
            ForgeConfiguration taken = new ForgeConfiguration("ours", "GitLab", address, " ", plainHttp);
            assertThat(taken.getWebAddress()).isEqualTo(expected);
            assertThat(taken.getKind()).isEqualTo("gitlab");
            assertThat(taken.getApiAddress()).isNull();
            assertThat(taken.known().api()).hasToString(expected + "/api/v4");
        } else {
            assertThatThrownBy(() -> new ForgeConfiguration("ours", "gitlab", address, null, plainHttp))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(expected);
        }
    }

    @Test
    void theApiMayBeElsewhereButIsEncryptedToo() {
        assertThat(new ForgeConfiguration(
                                "ours", "github", "https://git.example.com", "https://api.example.com/v3/", false)
                        .known()
                        .api())
                .hasToString("https://api.example.com/v3");
        assertThatThrownBy(() -> new ForgeConfiguration(
                        "ours", "github", "https://git.example.com", "http://api.example.com", false))
                .hasMessageContaining("not encrypted");
    }

    @Test
    void aServiceHasANameAndAKind() {
        assertThatThrownBy(() -> new ForgeConfiguration(" ", "gitee", "https://git.example.com", null, false))
                .hasMessageContaining("a name");
        assertThatThrownBy(() -> new ForgeConfiguration("ours", "bitbucket", "https://git.example.com", null, false))
                .hasMessage("\"bitbucket\" is none of gitee, github, gitlab");
    }

    @Test
    void theSettersRefuseWhatTheFormWould() {
        ForgesConfiguration configuration = new ForgesConfiguration();
        ForgeConfiguration ours = new ForgeConfiguration("ours", "gitee", "https://git.example.com", null, false);
        ForgeConfiguration same = new ForgeConfiguration("other", "gitlab", "https://GIT.example.com:443", null, false);

        configuration.setForges(List.of(ours));
        assertThatThrownBy(() -> configuration.setForges(List.of(ours, same)))
                .hasMessageContaining("https://git.example.com");
        assertThatThrownBy(() -> configuration.setFeishuAddress("http://open.feishu.example.com"))
                .hasMessageContaining("not encrypted");
        configuration.setFeishuAddress("http://127.0.0.1:8080");

        assertThat(configuration.getForges()).containsExactly(ours);
        assertThat(configuration.known()).extracting(KnownForge::name).containsExactly("ours");
        configuration.setForges(null);
        configuration.setFeishuAddress("");
        assertThat(configuration.getForges()).isEmpty();
        assertThat(configuration.getFeishuAddress()).isNull();
    }

    @Test
    void theTokenGoesToTheConfiguredAddressOnly() {
        Forges forges = Forges.with(
                Http.over(HttpClient.newBuilder()),
                List.of(
                        KnownForge.of("ours", "gitee", "https://code.example.com:8443", null, false),
                        KnownForge.of("plain", "github", "http://git.example.com", null, true)));
        assertThat(forges.at("https", "code.example.com", 8443)).isPresent();
        assertThat(forges.at("https", "code.example.com", -1)).isEmpty();
        assertThat(forges.at("http", "git.example.com", 80)).isPresent();
        assertThat(forges.atHost("CODE.example.com").orElseThrow().name()).isEqualTo("Gitee");
        assertThat(forges.atHost("git.example.com").orElseThrow().name()).isEqualTo("GitHub");
        assertThat(forges.atHost("example.com")).isEmpty();
    }
}
