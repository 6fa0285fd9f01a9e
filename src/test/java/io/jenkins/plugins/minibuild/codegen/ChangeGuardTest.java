package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.access.Policy;
import io.jenkins.plugins.minibuild.access.PolicyConfiguration;
import io.jenkins.plugins.minibuild.access.PolicyFixture;
import io.jenkins.plugins.minibuild.diff.ChangedFile;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeGuardTest {
    private static final String BLOB = "0123456789012345678901234567890123456789";

    private static ChangedFile file(String path) {
        return new ChangedFile(path, 0100644, 0100644, BLOB, 1, 1);
    }

    private static List<String> objections(String allow, String deny, ChangedFile... files) {
        return new ChangeGuard(Glob.paths(allow), Glob.paths(deny), Policy.DEFAULT.code(), List.of())
                .objections(List.of(files), Map.of(), Map.of(), Set.of());
    }

    @Test
    void withoutRulesOrdinaryFilesPass() {
        assertThat(objections("", "", file("src/a.js"), file("README.md"), file("登录/页.wxml")))
                .isEmpty();
    }

    @Test
    void whatIsNotAllowedOrDeniedIsNamed() {
        assertThat(objections(
                        "src/, *.md",
                        "**/secret*",
                        file("src/a/b.js"),
                        file("README.md"),
                        file("lib/x.js"),
                        file("src/Secret.js")))
                .containsExactly("lib/x.js: not among allowPaths", "src/Secret.js: denied by denyPaths");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Jenkinsfile",
                "jenkinsfile.release",
                "ci/Jenkinsfile",
                ".github/workflows/x.yml",
                ".gitlab-ci.yml",
                ".workflow/master-pipeline.yml",
                "azure-pipelines.yml",
                ".husky/pre-commit",
                ".gitmodules",
                "sub/CLAUDE.md",
                ".claude/settings.json",
                ".mcp.json",
                ".cnb.yml",
                ".buildkite/pipeline.yml",
                "sub/buildspec-release.yaml",
                ".pre-commit-config.yaml",
                ".vscode/tasks.json",
                ".devcontainer/devcontainer.json",
                ".cursor/rules/x.mdc",
                "REVIEW.md",
                "vars/deploy.groovy",
                "src/com/acme/Steps.groovy",
                "web/.npmrc",
                ".yarnrc.yml",
                ".pnpmfile.cjs",
                "Makefile",
                ".mvn/jvm.config",
                "sub/.envrc",
                ".vscode/settings.json",
                ".windsurfrules",
                ".clinerules/rules.md",
                ".gemini/settings.json",
                ".codex/config.toml",
                ".trae/rules/project_rules.md",
                ".mini-build/release.yml"
            })
    void whatSteersBuildsOrAgentsIsNeverPushedEvenWhereAllowed(String path) {
        assertThat(objections("**", "", file(path))).singleElement().asString().contains(path, "steers");
    }

    @Test
    void whatThePolicyProtectsIsNotPushed() {
        PolicyConfiguration set = new PolicyConfiguration();
        set.setProtectedPaths("infra/, **/*.sql");
        Policy policy = PolicyFixture.of("team", set);

        assertThat(new ChangeGuard(Glob.paths("**"), Glob.paths(""), policy.code(), List.of())
                        .objections(
                                List.of(file("infra/a.tf"), file("b.sql"), file("c.js")), Map.of(), Map.of(), Set.of()))
                .hasSize(2)
                .allMatch(line -> line.contains("protectedPaths") && line.contains("team"));
    }

    @Test
    void theScriptOfTheJobItselfIsNotPushedWhateverItsName() {
        assertThat(new ChangeGuard(
                                Glob.paths("**"),
                                Glob.paths(""),
                                Policy.DEFAULT.code(),
                                List.of(new JobScript("./ci/release.pipeline")))
                        .objections(
                                List.of(file("ci/release.pipeline"), file("ci/other")), Map.of(), Map.of(), Set.of()))
                .singleElement()
                .asString()
                .contains("ci/release.pipeline", "steers");
    }

    @Test
    void submodulesAndNestedRepositoriesAreNotPushed() {
        assertThat(objections("", "", new ChangedFile("lib", 0, 0160000, BLOB, 1, 0)))
                .singleElement()
                .asString()
                .contains("submodule");
    }

    @ParameterizedTest
    @CsvSource({
        "a,b,false",
        "a/b,../c,false",
        "a/b,./c/d,false",
        "a/b/c,../../x,false",
        "a,/etc/passwd,true",
        "a,../x,true",
        "a/b,../../x,true",
        "a/b,c/../../../x,true",
        // c may itself be a link to the top
        "a,c/../x,true",
        "a,.git/config,true",
        "a/b,../.GIT/config,true",
        "a,'',true",
        "a,C:\\x,true",
        "a,..\\x,true"
    })
    void linksStayInside(String path, String target, boolean leaves) {
        assertThat(ChangeGuard.leaves(path, target)).isEqualTo(leaves);
        List<String> found = new ChangeGuard(Glob.paths(""), Glob.paths(""), Policy.DEFAULT.code(), List.of())
                .objections(
                        List.of(new ChangedFile(path, 0, 0120000, BLOB, 1, 0)),
                        Map.of(path, target),
                        Map.of(),
                        Set.of());
        assertThat(found).hasSize(leaves ? 1 : 0);
    }

    @Test
    void aNameCannotForgeALineOfTheLog() {
        assertThat(objections("", "", file("a\n[INFO] pushed\u202Etxt")))
                .containsExactly("a[INFO] pushedtxt: the name holds invisible or control characters");
    }

    @Test
    void secretsAreNamedByPlaceAndKindOnly() {
        assertThat(new ChangeGuard(Glob.paths(""), Glob.paths(""), Policy.DEFAULT.code(), List.of())
                        .objections(List.of(), Map.of(), Map.of("src/a.js:12", "GitHub token"), Set.of()))
                .containsExactly("src/a.js:12: a GitHub token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/**", "../x", "a/../b", "a\\b"})
    void aPatternThatMatchesNothingIsRefused(String pattern) {
        assertThatThrownBy(() -> Glob.paths(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }
}
