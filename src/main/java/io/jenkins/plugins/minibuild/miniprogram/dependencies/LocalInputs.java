package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an installation reads beside the registry: folders and tarballs that package.json or the lock file name ({@code file:}, {@code link:},
 * {@code portal:}), what these name in turn, and patches. Neither the lock file nor package.json changes when one of them does, so their content belongs to the
 * key of the cache. Runs on the agent, for one project.
 */
@OnAgent
final class LocalInputs {
    /** A project whose local packages have more files or bytes is not cached: to read them takes longer than to install. */
    static final int MOST_FILES = 20_000;

    static final long MOST_BYTES = 200L << 20;

    private static final List<String> DEPENDENCIES =
            List.of("dependencies", "devDependencies", "optionalDependencies", "peerDependencies");
    private static final List<String> REPLACEMENTS = List.of("resolutions", "overrides", "patchedDependencies");
    /** Folders beside package.json that package managers and patch-package read by themselves. */
    private static final List<String> KNOWN_FOLDERS =
            List.of("patches", ".yarn/patches", ".yarn/plugins", ".yarn/releases");

    private static final Pattern LOCAL = Pattern.compile("(?:file|link|portal):(.*)", Pattern.DOTALL);
    private static final Pattern PATH =
            Pattern.compile("(?:\\.{1,2}(?:[/\\\\].*)?|~?/.*|[A-Za-z]:[/\\\\].*)", Pattern.DOTALL);
    private static final Pattern TARBALL = Pattern.compile("[^:]*\\.(?:tgz|tar\\.gz|tar)");
    private static final Pattern IN_LOCK_FILE = Pattern.compile(
            "(?<![\\w+.-])((?:file|link|portal|exec):[^\\s\"',()#\\[\\]{}]+|patch:[^\\s\"',()\\[\\]{}]+)");
    /** What pnpm writes of a folder: {@code {directory: tea, type: directory}}. */
    private static final Pattern DIRECTORY = Pattern.compile("\\{directory: ([^,}]+), type: directory");

    private final Path project;
    private final MessageDigest sha;
    private final Set<Path> seen = new TreeSet<>();
    private int files;
    private long bytes;
    private boolean copied;
    private boolean scripts;

    /** Adds the content of what it finds to a digest. */
    LocalInputs(Path project, MessageDigest sha) {
        this.project = project.toAbsolutePath().normalize();
        this.sha = sha;
    }

    /** An input that cannot be part of a key. Its message is the input as the project names it. */
    static final class UnknownInputException extends IOException {
        private static final long serialVersionUID = 1L;

        UnknownInputException(String input) {
            super(input);
        }
    }

    /** Whether the installation copies packages from the disk: Yarn and pnpm take what is in node_modules for up to date when the original changes. */
    boolean copied() {
        return copied;
    }

    /** Whether one of these packages has a script that runs when it is installed; its effect is not known. */
    boolean scripts() {
        return scripts;
    }

    /**
     * Reads them all.
     *
     * @throws UnknownInputException naming an input that is missing, too large, a program, or around the project itself
     */
    void read(JsonNode packageJson, String lockFile) throws IOException {
        for (String folder : KNOWN_FOLDERS) {
            Path path = project.resolve(folder);
            if (Files.exists(path)) {
                content(path, folder);
            }
        }
        packageJson(packageJson, project);
        // A package that is only named by another package's package.json stands in the lock file alone.
        Matcher named = IN_LOCK_FILE.matcher(lockFile);
        while (named.find()) {
            String text = named.group(1);
            specification(text.endsWith(":") ? text.substring(0, text.length() - 1) : text, project);
        }
        Matcher directory = DIRECTORY.matcher(lockFile);
        while (directory.find()) {
            input(directory.group(1).trim(), project, directory.group(1));
        }
    }

    private void packageJson(JsonNode json, Path folder) throws IOException {
        for (String section : DEPENDENCIES) {
            for (JsonNode each : json.path(section)) {
                dependency(each.asText(""), folder);
            }
        }
        for (JsonNode where : List.of(json, json.path("pnpm"))) {
            for (String section : REPLACEMENTS) {
                replacements(where.path(section), folder, section.equals("patchedDependencies"));
            }
        }
    }

    /** Overrides of npm are nested. */
    private void replacements(JsonNode node, Path folder, boolean patches) throws IOException {
        if (node.isObject()) {
            for (JsonNode each : node) {
                replacements(each, folder, patches);
            }
        } else if (patches && node.isTextual()) {
            input(node.asText(), folder, node.asText());
        } else {
            dependency(node.asText(""), folder);
        }
    }

    private void dependency(String text, Path folder) throws IOException {
        if (PATH.matcher(text).matches() || TARBALL.matcher(text).matches()) {
            input(text, folder, text);
        } else {
            specification(text, folder);
        }
    }

    private void specification(String text, Path folder) throws IOException {
        Matcher local = LOCAL.matcher(text);
        if (text.startsWith("exec:")) {
            throw new UnknownInputException(text);
        } else if (text.startsWith("patch:")) {
            patch(text, folder);
        } else if (local.matches()) {
            input(local.group(1), folder, text);
        }
    }

    /** As Yarn writes it: {@code patch:tea@npm%3A1.0.0#~/.yarn/patches/tea.patch::version=1.0.0}; {@code ~} is the project. */
    private void patch(String text, Path folder) throws IOException {
        int start = text.indexOf('#');
        String list = start < 0 ? "" : text.substring(start + 1).replaceFirst("::.*", "");
        for (String each : list.split("&")) {
            String path = each.replaceFirst("^optional!", "");
            if (!path.isEmpty() && !path.startsWith("builtin<") && !path.startsWith("~builtin<")) {
                input(path, path.startsWith("~/") ? project : folder, text);
            }
        }
    }

    private void input(String text, Path folder, String shown) throws IOException {
        String path = text.replaceFirst("^//(?=/)", "").replaceFirst("#.*", "").replaceFirst("::.*", "");
        boolean inProject = path.startsWith("~/") && folder.equals(project) && shown.startsWith("patch:");
        Path target = null;
        try {
            target = inProject
                    ? project.resolve(path.substring(2))
                    : path.startsWith("~/")
                            ? Path.of(System.getProperty("user.home"), path.substring(2))
                            : folder.resolve(path);
        } catch (InvalidPathException e) {
            throw new UnknownInputException(shown);
        }
        Path whole = target.toAbsolutePath().normalize();
        // What is around the project holds node_modules and what is built, which change by themselves.
        if (!Files.exists(whole) || project.startsWith(whole)) {
            throw new UnknownInputException(shown);
        }
        copied |= !shown.startsWith("link:") && !shown.startsWith("portal:") && !shown.startsWith("patch:");
        if (!seen.add(whole)) {
            return;
        }
        content(whole, shown);
        if (Files.isDirectory(whole)) {
            JsonNode json = json(whole.resolve("package.json"));
            scripts |= DependencyFacts.hasScripts(json, whole);
            packageJson(json, whole);
        }
    }

    private static JsonNode json(Path packageJson) {
        try {
            return Json.MAPPER.readTree(Files.readString(packageJson).replace("\uFEFF", ""));
        } catch (IOException e) {
            return Json.MAPPER.createObjectNode();
        }
    }

    /** Adds a file, or everything below a folder: names, the bit that makes a file a program, content. */
    private void content(Path path, String shown) throws IOException {
        Path real = path.toRealPath();
        add("input", shown);
        try {
            walk(real, real, shown);
        } catch (UnknownInputException e) {
            throw e;
        } catch (IOException e) {
            throw new UnknownInputException(shown);
        }
    }

    private void walk(Path path, Path root, String shown) throws IOException {
        String name = root.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            Path target = Files.readSymbolicLink(path);
            Path parent = path.getParent();
            if (parent == null || !parent.resolve(target).normalize().startsWith(root)) {
                throw new UnknownInputException(shown);
            }
            add("link " + name, target.toString());
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path each : entries(path)) {
                walk(each, root, shown);
            }
        } else {
            files++;
            bytes += Files.size(path);
            if (files > MOST_FILES || bytes > MOST_BYTES) {
                throw new UnknownInputException(shown);
            }
            add("file " + name, Files.isExecutable(path) + " " + Files.size(path));
            feed(path);
        }
    }

    private void feed(Path file) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha.update(buffer, 0, read);
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path each : stream) {
                // The history changes with each checkout, and no package holds it.
                if (!String.valueOf(each.getFileName()).equals(".git")) {
                    entries.add(each);
                }
            }
        }
        Collections.sort(entries);
        return entries;
    }

    private void add(String name, @CheckForNull String value) {
        sha.update((name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
    }
}
