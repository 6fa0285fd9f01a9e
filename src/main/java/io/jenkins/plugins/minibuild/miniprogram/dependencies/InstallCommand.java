package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the dependencies of a project are installed. Immutable. */
public final class InstallCommand {

    /** A line that is one call of a package manager with options only: of no other line it is known what it changes. */
    private static final Pattern PLAIN = Pattern.compile(
            "(npm|yarn|pnpm)(?: +(ci|clean-install|install|i))?((?: +--?[A-Za-z][A-Za-z0-9-]*(?:=[\\w./:@-]*)?)*)");

    private final List<String> words;
    private final String line;
    private final String manager;

    private InstallCommand(List<String> words, String line, @CheckForNull String manager) {
        this.words = List.copyOf(words);
        this.line = line;
        this.manager = manager;
    }

    /** The install command of the package manager whose lock file is there; without one, of the manager that the project's own files name. */
    public static InstallCommand of(ProjectFiles sources) {
        if (sources.has("package-lock.json") || sources.has("npm-shrinkwrap.json")) {
            return of(List.of("npm", "ci", "--no-audit", "--no-fund"));
        }
        if (sources.has("pnpm-lock.yaml")) {
            return of(List.of("pnpm", "install", "--frozen-lockfile"));
        }
        if (sources.has("yarn.lock")) {
            return of(List.of("yarn", "install", "--frozen-lockfile"));
        }
        if (sources.has("pnpm-workspace.yaml")) {
            return of(List.of("pnpm", "install"));
        }
        return of(List.of("npm", "install", "--no-audit", "--no-fund"));
    }

    private static InstallCommand of(List<String> words) {
        return new InstallCommand(words, String.join(" ", words), words.get(0));
    }

    /** An install command that is a line for the agent's shell. */
    public static InstallCommand ofLine(String line) {
        Matcher plain = PLAIN.matcher(line.trim());
        boolean whole =
                plain.matches() && (plain.group(2) != null || plain.group(1).equals("yarn"));
        return new InstallCommand(List.of(), line, whole ? plain.group(1) : null);
    }

    /** Whether it is a line for the shell, and not a list of words. */
    public boolean isLine() {
        return words.isEmpty();
    }

    public List<String> words() {
        return words;
    }

    /** The command as a user writes it. */
    public String line() {
        return line;
    }

    /** The package manager; null if the line may do something else too. */
    @CheckForNull
    public String manager() {
        return manager;
    }

    /** Whether the scripts of the packages and of the project are left out. */
    boolean ignoresScripts() {
        return (" " + line + " ").contains(" --ignore-scripts ") || line.contains(" --ignore-scripts=true");
    }
}
