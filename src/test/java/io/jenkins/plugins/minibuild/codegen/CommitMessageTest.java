package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitMessageTest {
    private static final Requirement LOGIN = new Requirement("7", "Login page", "", "https://gitee.com/i/7", "");

    @Test
    void saysWhatWhyAndWhence() {
        assertThat(CommitMessage.of(LOGIN, false, "Added a page.\nNothing left.", "Mini Build, shop #12"))
                .isEqualTo("""
                        feat: Login page

                        Added a page.
                        Nothing left.

                        Requirement: 7
                        Link: https://gitee.com/i/7
                        Generated-by: Mini Build, shop # 12
                        """);
    }

    @Test
    void aLinkGivesNoOrders() {
        Requirement requirement = new Requirement("", "Login", "", "https://gitee.com/i/7?[ci-skip]", "");
        assertThat(CommitMessage.of(requirement, false, "", "x"))
                .contains("Link: https://gitee.com/i/7?\n")
                .doesNotContain("skip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Closes https://gitlab.example.com/acme/shop/-/issues/7",
                "Fixes GH-7",
                "Resolves SHOP-12",
                "Closes #12",
                "Fixes acme/other#9",
                "fix #I12ABC",
                "Closes !12",
                "/tag v1"
            })
    void closesNoIssue(String words) {
        for (String message : new String[] {
            CommitMessage.of(LOGIN, false, "Added.\n" + words, "x"),
            CommitMessage.of(new Requirement("7", words, "", "", ""), false, "", "x")
        }) {
            assertThat(message)
                    .doesNotContain("https://gitlab", "GH-7", "SHOP-12", "#12", "#9", "#I", "!12")
                    .doesNotContain("\n/tag");
        }
    }

    @Test
    void workThatWasBrokenOffIsMarked() {
        assertThat(CommitMessage.of(LOGIN, true, "", "x")).startsWith("wip: Login page\n\nPartial: ");
    }

    @Test
    void aLongTitleIsCutAtWholeCharacters() {
        String message = CommitMessage.of(new Requirement("", "😀".repeat(100), "", "", ""), false, "", "x");
        assertThat(message.lines().findFirst().orElseThrow()).isEqualTo("feat: " + "😀".repeat(65) + "…");
    }

    @Test
    void withoutATitleTheFirstLineServes() {
        assertThat(CommitMessage.of(new Requirement("", "", "\n\nAdd login.\nMore.", "", ""), false, "", "x"))
                .startsWith("feat: Add login.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[skip ci]",
                "[ci skip]",
                "[no ci]",
                "[skip actions]",
                "***NO_CI***",
                "[SKIP-CI]",
                "[ci_skip]",
                "[skip_ci]",
                "[skip azurepipelines]",
                "skip-checks: true",
                "Reviewed-by: The Boss <boss@example.org>",
                "Co-authored-by: x <x@y>",
                "[skip [skip ci]ci]"
            })
    void ordersToMachinesAndSignaturesOfOthersAreTakenOut(String order) {
        String message = CommitMessage.of(
                new Requirement("", order.startsWith("[") ? "Login " + order : "Login", "", "", ""),
                false,
                "done\n" + order + "\nend",
                "x");
        assertThat(message.toLowerCase())
                .doesNotContain(
                        "skip ci",
                        "ci skip",
                        "ci_skip",
                        "skip_ci",
                        "no ci",
                        "no_ci",
                        "skip-c",
                        "skip actions",
                        "skip azure")
                .doesNotContain("reviewed-by", "authored-by:\n")
                .contains("done", "end");
    }
}
