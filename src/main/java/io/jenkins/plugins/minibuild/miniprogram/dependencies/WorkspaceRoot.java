package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of a monorepo in which the dependencies of one of its projects are installed: the nearest one above whose {@code pnpm-workspace.yaml} or package.json
 * ({@code workspaces}, npm and Yarn) names the project. Immutable.
 *
 * @param path relative to the workspace of the build; empty for that itself
 * @param files what lies there
 */
public record WorkspaceRoot(String path, ProjectFiles files) {
    private static final String PNPM = "pnpm-workspace.yaml";
    private static final String PACKAGE = "package.json";
    private static final List<String> LOCK_FILES =
            List.of("pnpm-lock.yaml", "yarn.lock", "package-lock.json", "npm-shrinkwrap.json");

    /**
     * What lies above a project.
     *
     * @param root the folder
     * @param member whether the folder names the project; otherwise it has a lock file, and nothing says that it is the project's
     */
    public record Found(WorkspaceRoot root, boolean member) {}

    /**
     * Looks from a project upwards, within the workspace of the build.
     *
     * @param project relative to the workspace
     * @return null if nothing above has a lock file or names the project
     */
    @CheckForNull
    public static Found above(FilePath workspace, String project) throws IOException, InterruptedException {
        Found stranger = null;
        String path = project;
        while (!path.isEmpty()) {
            path = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
            ProjectFiles files = ProjectFiles.read(workspace, path, "projectPath", PNPM, PACKAGE);
            WorkspaceRoot root = new WorkspaceRoot(path, files);
            if (root.names(path.isEmpty() ? project : project.substring(path.length() + 1))) {
                return new Found(root, true);
            }
            if (stranger == null && root.lockFile() != null) {
                stranger = new Found(root, false);
            }
        }
        return stranger;
    }

    /** The name of the lock file; null without one. */
    @CheckForNull
    public String lockFile() {
        return LOCK_FILES.stream().filter(files::has).findFirst().orElse(null);
    }

    /** Whether a project has a lock file of its own. */
    public static boolean hasLockFile(ProjectFiles project) {
        return LOCK_FILES.stream().anyMatch(project::has);
    }

    private boolean names(String member) {
        List<String> patterns = files.has(PNPM) ? pnpm(files.text(PNPM)) : workspaces(files.text(PACKAGE));
        boolean named = false;
        for (String each : patterns) {
            boolean not = each.startsWith("!");
            String pattern =
                    (not ? each.substring(1) : each).replaceFirst("^\\./", "").replaceFirst("/+$", "");
            try {
                if (!pattern.isEmpty() && Glob.paths(pattern.replace(",", "?")).matches(member)) {
                    // As pnpm and npm: what is taken out stays out.
                    if (not) {
                        return false;
                    }
                    named = true;
                }
            } catch (IllegalArgumentException e) {
                // A folder beside the monorepo, which this project is not in.
                continue;
            }
        }
        return named;
    }

    private static List<String> workspaces(String packageJson) {
        List<String> patterns = new ArrayList<>();
        try {
            JsonNode given =
                    Json.MAPPER.readTree(packageJson.replace("\uFEFF", "")).path("workspaces");
            for (JsonNode each : given.isObject() ? given.path("packages") : given) {
                patterns.add(each.asText(""));
            }
        } catch (IOException e) {
            // The package manager reports the mistake in its own words.
            return List.of();
        }
        return patterns;
    }

    /** The list {@code packages}, as block or in brackets: that is all that is needed of this YAML. */
    private static List<String> pnpm(String yaml) {
        List<String> patterns = new ArrayList<>();
        boolean inside = false;
        for (String line : yaml.replace("\uFEFF", "").lines().toList()) {
            String text = line.replaceFirst("(^|\\s)#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            if (text.startsWith("packages:") && !Character.isWhitespace(line.charAt(0))) {
                inside = true;
                text = text.substring("packages:".length()).strip();
            } else if (!text.startsWith("-") && !Character.isWhitespace(line.charAt(0)) && !text.startsWith("]")) {
                inside = false;
            }
            if (inside) {
                for (String each :
                        text.replaceFirst("^\\[", "").replaceFirst("]$", "").split(",")) {
                    String pattern = each.strip().replaceFirst("^-\\s*", "").strip();
                    String plain = pattern.replaceFirst("^(['\"])(.*)\\1$", "$2");
                    if (!plain.isEmpty()) {
                        patterns.add(plain);
                    }
                }
            }
        }
        return patterns;
    }
}
