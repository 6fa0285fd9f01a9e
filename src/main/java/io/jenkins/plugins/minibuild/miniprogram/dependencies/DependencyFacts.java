package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * What decides which dependencies a project gets, read on the agent.
 *
 * @param refusal why nothing can be kept; null when it can
 * @param detail what a refusal is about, for people; may be empty
 * @param local whether packages may be copied from folders or files of the agent
 * @param digest of lock file, package.json, what they name on the disk, the package manager, its configuration and the platform: hexadecimal; empty after a
 *     refusal
 * @param managerVersion the version of the package manager; empty when only the command itself can tell
 */
record DependencyFacts(
        @CheckForNull Refusal refusal, String detail, boolean local, String digest, String managerVersion)
        implements Serializable {
    private static final int LONGEST_DETAIL = 200;
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{0,60}");
    private static final Pattern DIGEST = Pattern.compile("([0-9a-f]{64})?");

    DependencyFacts {
        detail = AgentAnswer.text("What keeps the dependencies from the cache", detail, LONGEST_DETAIL)
                .replaceAll("\\p{Cntrl}", "?");
        if (!DIGEST.matcher(AgentAnswer.text("The digest of the lock file", digest, 64))
                        .matches()
                || !VERSION.matcher(AgentAnswer.text("The version of the package manager", managerVersion, 60))
                        .matches()) {
            throw new IllegalArgumentException(
                    "The digest of the lock file or the version of the package manager is none");
        }
    }

    /** Why what is installed is not determined by the lock file, or is not in node_modules alone. */
    enum Refusal {
        NO_LOCK_FILE,
        SCRIPTS,
        WORKSPACES,
        /** An input on the disk cannot be part of the key. */
        LOCAL,
        /** A script of the project takes part in the installation, and may read anything. */
        PROGRAM
    }

    private static DependencyFacts refused(Refusal refusal, String detail, boolean local) {
        String shown = detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) : detail;
        return new DependencyFacts(refusal, shown, local, "", "");
    }

    /** Whether something of a package runs when it is installed. */
    static boolean hasScripts(JsonNode packageJson, Path folder) {
        return Read.SCRIPTS.stream().anyMatch(packageJson.path("scripts")::has)
                || Files.exists(folder.resolve("binding.gyp"));
    }

    /** Variables that package managers read. */
    static boolean isRelevant(String variable) {
        String name = variable.toLowerCase(Locale.ROOT);
        boolean read = name.equals("node_env")
                || name.startsWith("npm_config_")
                || name.startsWith("yarn_")
                || name.startsWith("pnpm_")
                || name.startsWith("corepack_")
                || name.equals("node_options");
        return read && !name.equals("npm_config_cache");
    }

    /** Reads the facts. */
    static final class Read extends MasterToSlaveFileCallable<DependencyFacts> {
        private static final long serialVersionUID = 1L;
        private static final Map<String, List<String>> LOCK_FILES = Map.of(
                "npm", List.of("npm-shrinkwrap.json", "package-lock.json"),
                "pnpm", List.of("pnpm-lock.yaml"),
                "yarn", List.of("yarn.lock"));
        private static final List<String> CONFIGURATION = List.of(
                "package.json",
                ".npmrc",
                ".yarnrc",
                ".yarnrc.yml",
                ".pnpmfile.cjs",
                ".pnpmfile.mjs",
                "pnpmfile.js",
                ".nvmrc");
        /** The scripts of package.json that package managers run when they install. What these do is not known. */
        private static final List<String> SCRIPTS = List.of(
                "preinstall",
                "install",
                "postinstall",
                "prepublish",
                "preprepare",
                "prepare",
                "postprepare",
                "dependencies",
                "pnpm:devPreinstall");

        /** Scripts of the project that pnpm runs; what these load is not known. */
        private static final List<String> HOOKS = List.of(".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js");

        private static final Pattern READS_MORE = Pattern.compile("\\brequire\\b|\\bimport\\b|\\bprocess\\b");
        /** Settings that name a file or folder beside the known ones. */
        private static final Pattern NAMES_A_FILE = Pattern.compile(
                "(?m)^[ \\t]*\"?((?:global-)?pnpmfile|yarn-offline-mirror|yarn-path|yarnPath)\"?[ \\t]*(?:=|:|[ \\t])(?!.*\\.yarn/releases/)");
        /** Lines with what a registry asks for. */
        private static final Pattern SECRETS =
                Pattern.compile("(?im)^.*(?:_auth|_password|username|token|authident)\\w*[\"' ]*[=:].*$");

        private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)");
        private static final long LARGEST_SCRIPT = 1L << 20;

        private final String manager;
        private final boolean scriptsIgnored;
        private final TreeMap<String, String> environment;
        private final String path;

        /**
         * Prepares the reading.
         *
         * @param environment the variables of the build: those for which {@link #isRelevant} holds count, and those that a configuration file names
         * @param path the PATH of the build; empty for the PATH of the agent
         */
        Read(String manager, boolean scriptsIgnored, Map<String, String> environment, String path) {
            this.manager = manager;
            this.scriptsIgnored = scriptsIgnored;
            this.environment = new TreeMap<>(environment);
            this.path = path;
        }

        @Override
        public DependencyFacts invoke(File folder, VirtualChannel channel) throws IOException {
            Path project = folder.toPath();
            Path lockFile = lockFile(project);
            JsonNode json = read(project.resolve("package.json"));
            MessageDigest sha = Digest.sha256();
            LocalInputs inputs = new LocalInputs(project, sha);
            String unknown = null;
            try {
                inputs.read(json, lockFile == null ? "" : Files.readString(lockFile, StandardCharsets.ISO_8859_1));
            } catch (LocalInputs.UnknownInputException e) {
                unknown = e.getMessage();
            }
            boolean local = inputs.copied() || unknown != null;
            if (lockFile == null) {
                return refused(Refusal.NO_LOCK_FILE, "", local);
            }
            if (json.has("workspaces") || Files.exists(project.resolve("pnpm-workspace.yaml"))) {
                return refused(Refusal.WORKSPACES, "", local);
            }
            if (!scriptsIgnored && (hasScripts(json, project) || inputs.scripts())) {
                return refused(Refusal.SCRIPTS, "", local);
            }
            if (unknown != null) {
                return refused(Refusal.LOCAL, unknown, true);
            }
            String program = program(project);
            if (program != null) {
                return refused(Refusal.PROGRAM, program, local);
            }
            add(sha, String.valueOf(lockFile.getFileName()), Files.readAllBytes(lockFile));
            for (String name : CONFIGURATION) {
                Path file = project.resolve(name);
                if (Files.isRegularFile(file)) {
                    add(sha, name, Files.readAllBytes(file));
                }
            }
            addConfigurationOutside(sha, project);
            TreeMap<String, String> variables = new TreeMap<>();
            System.getenv().forEach((name, value) -> {
                if (isRelevant(name)) {
                    variables.put(name, value);
                }
            });
            environment.forEach((name, value) -> {
                if (isRelevant(name)) {
                    variables.put(name, value);
                }
            });
            variables.forEach((name, value) -> add(sha, name, value.getBytes(StandardCharsets.UTF_8)));
            for (String property : List.of("os.name", "os.arch")) {
                add(sha, property, System.getProperty(property, "").getBytes(StandardCharsets.UTF_8));
            }
            // A build can put its own command on the PATH, which installs anything and reports any version.
            Path managing = command(manager, project);
            for (Path command : new Path[] {managing, command("node", project)}) {
                if (command != null) {
                    String which = command + "\0" + Files.size(command) + "\0" + Files.getLastModifiedTime(command);
                    add(sha, "command", which.getBytes(StandardCharsets.UTF_8));
                    // A script can be replaced by another of the same size and time; a binary is too large to be read.
                    if (Files.size(command) <= LARGEST_SCRIPT) {
                        add(sha, "script", Files.readAllBytes(command));
                    }
                }
            }
            return new DependencyFacts(
                    null,
                    "",
                    local,
                    HexFormat.of().formatHex(sha.digest()),
                    managing == null ? "" : versionOf(managing));
        }

        @CheckForNull
        private Path lockFile(Path project) {
            for (String name : LOCK_FILES.getOrDefault(manager, List.of())) {
                if (Files.isRegularFile(project.resolve(name))) {
                    return project.resolve(name);
                }
            }
            return null;
        }

        private static JsonNode read(Path packageJson) {
            try {
                return Json.MAPPER.readTree(Files.readString(packageJson).replace("\uFEFF", ""));
            } catch (IOException e) {
                // The package manager reports the mistake in its own words.
                return Json.MAPPER.createObjectNode();
            }
        }

        /** The path of a command of the PATH, links followed; null if there is none. */
        @CheckForNull
        private Path command(String name, Path project) {
            String folders = path.isEmpty() ? System.getenv().getOrDefault("PATH", "") : path;
            for (String folder : folders.split(Pattern.quote(File.pathSeparator))) {
                try {
                    // As the system does: a relative or empty entry is below the folder in which the command starts.
                    Path command = project.resolve(folder).resolve(name);
                    if (Files.isExecutable(command) && Files.isRegularFile(command)) {
                        return command.toRealPath();
                    }
                } catch (IOException | InvalidPathException e) {
                    // Nothing starts from there; the search goes on as the system's.
                    continue;
                }
            }
            return null;
        }

        /** A script of the project that the package manager runs by itself; null if there is none. */
        @CheckForNull
        private String program(Path project) throws IOException {
            for (String name : HOOKS) {
                if (Files.exists(project.resolve(name))
                        && READS_MORE
                                .matcher(Files.readString(project.resolve(name), StandardCharsets.ISO_8859_1))
                                .find()) {
                    return name;
                }
            }
            for (String name : List.of(".npmrc", ".yarnrc", ".yarnrc.yml")) {
                Path file = project.resolve(name);
                Matcher setting = NAMES_A_FILE.matcher(
                        Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
                if (setting.find()) {
                    return name + ": " + setting.group(1);
                }
            }
            return null;
        }

        /**
         * Package managers read the same files in the folders above, in the user's home and where a variable says. Values that they take from the
         * environment count too, but for secrets: these differ from build to build and decide nothing.
         */
        private void addConfigurationOutside(MessageDigest sha, Path project) throws IOException {
            List<Path> files = new ArrayList<>();
            String home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
            for (Path above = project.toAbsolutePath().normalize(); above != null; above = above.getParent()) {
                for (String name : List.of(".npmrc", ".yarnrc", ".yarnrc.yml")) {
                    files.add(above.resolve(name));
                }
            }
            for (String name : List.of(".npmrc", ".yarnrc", ".yarnrc.yml", ".config/pnpm/rc")) {
                files.add(Path.of(home, name));
            }
            environment.forEach((name, value) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                if (lower.equals("npm_config_userconfig") || lower.equals("npm_config_globalconfig")) {
                    files.add(project.resolve(value));
                }
            });
            for (Path file : files) {
                if (Files.isRegularFile(file) && Files.isReadable(file)) {
                    String text = SECRETS.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .replaceAll("");
                    add(sha, file.toString(), text.getBytes(StandardCharsets.UTF_8));
                    Matcher variable = VARIABLE.matcher(text);
                    while (variable.find()) {
                        String value = environment.getOrDefault(variable.group(1), "");
                        add(sha, variable.group(1), value.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }

        /** Reads the version from the package.json beside the command; to run the command takes a third of a second. */
        private String versionOf(Path command) {
            Path folder = command.getParent();
            for (int up = 0; up < 3 && folder != null; up++) {
                JsonNode json = read(folder.resolve("package.json"));
                if (json.path("name").asText("").equals(manager)) {
                    String version = json.path("version").asText("");
                    return VERSION.matcher(version).matches() ? version : "";
                }
                folder = folder.getParent();
            }
            return "";
        }

        private static void add(MessageDigest sha, String name, byte[] content) {
            sha.update((name + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            sha.update(content);
        }
    }
}
