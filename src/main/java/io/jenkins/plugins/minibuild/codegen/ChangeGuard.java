package io.jenkins.plugins.minibuild.codegen;

import io.jenkins.plugins.minibuild.access.CodePolicy;
import io.jenkins.plugins.minibuild.diff.ChangedFile;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether a change that a model made may be pushed. It looks at what git recorded, not at what the model said.
 */
final class ChangeGuard {
    /**
     * What runs on machines of the team, or steers those who work there, as soon as it is merged or only pushed: continuous integration, the
     * settings of git, of package managers, of build tools and editors, and the instructions of coding agents.
     */
    static final Glob PIPELINES = Glob.paths(String.join(
            ",",
            "**/Jenkinsfile*",
            "**/*.jenkinsfile",
            "**/*.groovy",
            "vars/**",
            ".mini-build/**",
            "**/mini-build*.y*ml",
            "**/.npmrc",
            "**/.pnpmfile.cjs",
            "**/.yarnrc",
            "**/.yarnrc.y*ml",
            "**/.yarn/releases/**",
            "**/.yarn/plugins/**",
            "**/Makefile",
            "**/GNUmakefile",
            "**/.mvn/**",
            "**/.envrc",
            ".github/**",
            "**/.gitlab-ci*.yml",
            "**/.gitlab-ci*.yaml",
            ".gitlab/**",
            ".gitee/**",
            ".workflow/**",
            "**/azure-pipelines*.yml",
            "**/azure-pipelines*.yaml",
            ".azure-pipelines/**",
            ".circleci/**",
            "**/.travis.yml",
            "**/.drone.y*ml",
            "**/.woodpecker*",
            ".woodpecker/**",
            "**/bitbucket-pipelines.yml",
            ".buildkite/**",
            ".teamcity/**",
            ".semaphore/**",
            ".cnb.y*ml",
            ".cnb/**",
            "**/appveyor.y*ml",
            "**/.appveyor.y*ml",
            "**/buildspec*.y*ml",
            "**/cloudbuild*.y*ml",
            ".husky/**",
            ".githooks/**",
            "**/.pre-commit-config.y*ml",
            "**/lefthook.y*ml",
            "**/.lefthook.y*ml",
            ".devcontainer/**",
            "**/.devcontainer.json",
            "**/.vscode/tasks.json",
            "**/.vscode/settings.json",
            "**/.vscode/launch.json",
            "**/.gitmodules",
            "**/.claude/**",
            "**/CLAUDE.md",
            "**/CLAUDE.local.md",
            "**/AGENTS.md",
            "**/GEMINI.md",
            ".cursor/**",
            "**/.cursorrules",
            "**/.windsurfrules",
            ".windsurf/**",
            "**/.clinerules",
            "**/.clinerules/**",
            "**/.roorules*",
            ".roo/**",
            ".gemini/**",
            ".codex/**",
            ".trae/**",
            ".kiro/**",
            "**/.mcp.json",
            "REVIEW.md"));

    /** More than these are counted, not listed. */
    static final int MOST_LISTED = 50;

    private final Glob allowed;
    private final Glob denied;
    private final CodePolicy policy;
    private final List<Glob> ownScripts;

    /**
     * @param allowed empty for everything
     * @param denied overrides the allowed ones
     * @param policy protects more, whatever is allowed
     * @param scripts of the job itself
     */
    ChangeGuard(Glob allowed, Glob denied, CodePolicy policy, List<JobScript> scripts) {
        this.allowed = allowed;
        this.denied = denied;
        this.policy = policy;
        ownScripts = scripts.stream().map(JobScript::pattern).toList();
    }

    /**
     * What stands against pushing the change.
     *
     * @param files all of it
     * @param links where the symbolic links among them point, by path
     * @param secrets what a {@link SecretScanner} found, by {@code path:line}
     * @param scripts the files {@code package.json} among them whose scripts are changed
     * @return lines for people, in the order of the files; empty if it may be pushed
     */
    List<String> objections(
            List<ChangedFile> files, Map<String, String> links, Map<String, String> secrets, Set<String> scripts) {
        List<String> found = new ArrayList<>();
        for (ChangedFile file : files) {
            String path = shown(file.path());
            if (!path.equals(file.path())) {
                found.add(Messages.ChangeGuard_Name(path));
            }
            if (file.isSubmodule()) {
                found.add(Messages.ChangeGuard_Submodule(path));
            }
            if (PIPELINES.matches(file.path()) || ownScripts.stream().anyMatch(each -> each.matches(file.path()))) {
                found.add(Messages.ChangeGuard_Pipeline(path));
            }
            if (scripts.contains(file.path())) {
                found.add(Messages.ChangeGuard_Scripts(path));
            }
            policy.protects(file.path())
                    .ifPresent(rule -> found.add(Messages.ChangeGuard_Protected(path, rule.source())));
            if (denied.matches(file.path())) {
                found.add(Messages.ChangeGuard_Denied(path));
            } else if (!allowed.isEmpty() && !allowed.matches(file.path())) {
                found.add(Messages.ChangeGuard_NotAllowed(path));
            }
            if (file.isLink()) {
                String target = links.getOrDefault(file.path(), "");
                if (leaves(file.path(), target)) {
                    found.add(Messages.ChangeGuard_Link(path, shown(target)));
                }
            }
        }
        secrets.forEach((place, kind) -> found.add(Messages.ChangeGuard_Secret(shown(place), kind)));
        return found;
    }

    /** Whether a link at the path leads out of the repository, or into what is git's. */
    static boolean leaves(String path, String target) {
        if (target.isEmpty() || target.startsWith("/") || target.contains("\\") || target.matches("[A-Za-z]:.*")) {
            return true;
        }
        List<String> at = new ArrayList<>(List.of(path.split("/")));
        at.remove(at.size() - 1);
        boolean named = false;
        for (String part : target.split("/")) {
            if (part.equals("..")) {
                // After a name, what is above depends on whether the name is a link itself.
                if (at.isEmpty() || named) {
                    return true;
                }
                at.remove(at.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                at.add(part);
                named = true;
            }
        }
        return !at.isEmpty() && at.get(0).equalsIgnoreCase(".git");
    }

    /** Without what would forge lines of a log. */
    private static String shown(String name) {
        StringBuilder safe = new StringBuilder();
        VisibleText.of(name)
                .text()
                .codePoints()
                .filter(c -> c != '\n' && c != '\t')
                .forEach(safe::appendCodePoint);
        return safe.length() > 300 ? safe.substring(0, 300) + "…" : safe.toString();
    }
}
