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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * What decides which dependencies a project gets, read on the agent.
 *
 * @param refusal why nothing can be kept; null when it can
 * @param digest of lock file, package.json, the package manager, its configuration and the platform: hexadecimal; empty after a refusal
 * @param managerVersion the version of the package manager; empty when only the command itself can tell
 */
record DependencyFacts(@CheckForNull Refusal refusal, String digest, String managerVersion) implements Serializable {
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{0,60}");
    private static final Pattern DIGEST = Pattern.compile("([0-9a-f]{64})?");

    DependencyFacts {
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
        WORKSPACES
    }

    /** Variables that package managers read. */
    static boolean isRelevant(String variable) {
        String name = variable.toLowerCase(Locale.ROOT);
        boolean read = name.equals("node_env")
                || name.startsWith("npm_config_")
                || name.startsWith("yarn_")
                || name.startsWith("pnpm_");
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
                "package.json", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "pnpm-workspace.yaml", ".nvmrc");
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

        private final String manager;
        private final boolean scriptsIgnored;
        private final TreeMap<String, String> environment;
        private final String path;

        /**
         * Prepares the reading.
         *
         * @param environment the variables of the build for which {@link #isRelevant} holds
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
            if (lockFile == null) {
                return new DependencyFacts(Refusal.NO_LOCK_FILE, "", "");
            }
            JsonNode json = read(project.resolve("package.json"));
            if (json.has("workspaces") || Files.exists(project.resolve("pnpm-workspace.yaml"))) {
                return new DependencyFacts(Refusal.WORKSPACES, "", "");
            }
            if (!scriptsIgnored && SCRIPTS.stream().anyMatch(json.path("scripts")::has)) {
                return new DependencyFacts(Refusal.SCRIPTS, "", "");
            }
            MessageDigest sha = Digest.sha256();
            add(sha, String.valueOf(lockFile.getFileName()), Files.readAllBytes(lockFile));
            for (String name : CONFIGURATION) {
                Path file = project.resolve(name);
                if (Files.isRegularFile(file)) {
                    add(sha, name, Files.readAllBytes(file));
                }
            }
            TreeMap<String, String> variables = new TreeMap<>();
            System.getenv().forEach((name, value) -> {
                if (isRelevant(name)) {
                    variables.put(name, value);
                }
            });
            variables.putAll(environment);
            variables.forEach((name, value) -> add(sha, name, value.getBytes(StandardCharsets.UTF_8)));
            for (String property : List.of("os.name", "os.arch")) {
                add(sha, property, System.getProperty(property, "").getBytes(StandardCharsets.UTF_8));
            }
            // A build can put its own command on the PATH, which installs anything and reports any version.
            Path managing = command(manager);
            for (Path command : new Path[] {managing, command("node")}) {
                if (command != null) {
                    String which = command + "\0" + Files.size(command) + "\0" + Files.getLastModifiedTime(command);
                    add(sha, "command", which.getBytes(StandardCharsets.UTF_8));
                }
            }
            return new DependencyFacts(
                    null, HexFormat.of().formatHex(sha.digest()), managing == null ? "" : versionOf(managing));
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
        private Path command(String name) {
            String folders = path.isEmpty() ? System.getenv().getOrDefault("PATH", "") : path;
            for (String folder : folders.split(Pattern.quote(File.pathSeparator))) {
                try {
                    Path command = folder.isEmpty() ? null : Path.of(folder, name);
                    if (command != null && Files.isExecutable(command) && Files.isRegularFile(command)) {
                        return command.toRealPath();
                    }
                } catch (IOException | InvalidPathException e) {
                    return null;
                }
            }
            return null;
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
