package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {
    @Test
    void takesWhatAJenkinsfileGives() {
        assertThat(Requirement.of(Map.of(
                        "id", 4711, "title", " Login ", "description", "by phone", "link", "https://gitee.com/i/1")))
                .isEqualTo(new Requirement("4711", "Login", "by phone", "https://gitee.com/i/1", ""));
    }

    @Test
    void aFilesFirstLineIsTheTitle() {
        assertThat(Requirement.ofFile("req-7", "\n## Login page\n\nBy phone.\nWith a code.\n"))
                .isEqualTo(new Requirement("req-7", "Login page", "By phone.\nWith a code.", "", ""));
        assertThat(Requirement.ofFile("", "only this").title()).isEqualTo("only this");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "-x", "a b", "x.lock", "a..b", "登录", "a\nb"})
    void anIdThatCannotNameABranchIsRefused(String id) {
        assertThatThrownBy(() -> new Requirement(id, "t", "", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id of a requirement");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Requirement.of(Map.of("title", " "))).hasMessageContaining("says nothing");
        assertThatThrownBy(() -> Requirement.of(Map.of("titel", "x"))).hasMessageContainingAll("'titel'", "title");
        assertThatThrownBy(() -> Requirement.of(Map.of("title", "x", "link", "javascript:alert(1)")))
                .hasMessageContaining("http://");
        assertThatThrownBy(() -> Requirement.of(Map.of("title", "x", "description", "y".repeat(200_000))))
                .hasMessageContaining("200001 characters");
    }
}
