package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;

/**
 * Finds what of an agent a {@link Sandbox} shows besides the folders that it is given: the system's programs, those that are on the PATH, and
 * the settings without which names, time zones and certificates are not found. Runs on the agent, in the command's home.
 */
@SuppressFBWarnings(
        value = "DMI_HARDCODED_ABSOLUTE_FILENAME",
        justification = "where Linux has its programs and settings is a matter of its file system's standard")
final class SandboxLayout extends MasterToSlaveFileCallable<SandboxLayout.View> {
    private static final long serialVersionUID = 1L;

    private static final Path ETC = Path.of("/etc");
    /** Where NixOS keeps all programs. */
    private static final Path NIX = Path.of("/nix/store");

    private static final List<String> SYSTEM = List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

    /** Of /etc only what everybody may know; {@code passwd} and {@code group} are made for the occasion. */
    private static final List<String> SETTINGS = List.of(
            "alternatives",
            "ca-certificates",
            "ca-certificates.conf",
            "crypto-policies",
            "gai.conf",
            "host.conf",
            "hosts",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "locale.alias",
            "locale.conf",
            "localtime",
            "maven/logging",
            "maven/m2.conf",
            "mime.types",
            "nsswitch.conf",
            "pki/ca-trust",
            "pki/java",
            "pki/tls/cert.pem",
            "pki/tls/certs",
            "pki/tls/openssl.cnf",
            "protocols",
            "resolv.conf",
            "services",
            "ssl/certs",
            "ssl/openssl.cnf",
            "timezone");

    /** Variables that name a file or folder that a program needs. */
    private static final List<String> NAMED =
            List.of("JAVA_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS");

    /** What belongs to the programs in a folder {@code bin}, beside it. */
    private static final List<String> BESIDE = List.of("lib", "lib64", "libexec", "pyvenv.cfg");

    /** Where version managers keep programs, and nothing else. */
    private static final Set<String> VERSIONS =
            Set.of(".asdf", ".goenv", ".jenv", ".nvm", ".pyenv", ".rbenv", ".sdkman", ".volta");

    private final String program;
    private final String folder;
    private final Map<String, String> environment;
    private final List<String> readable;

    /**
     * What was found.
     *
     * @param passwd the content of /etc/passwd
     * @param group the content of /etc/group
     * @param options of bwrap
     * @param missing of the readable folders
     */
    record View(String passwd, String group, List<String> options, List<String> missing) implements Serializable {
        private static final int MOST = 10_000;

        View {
            AgentAnswer.text("The passwd of the sandbox", passwd, MOST);
            AgentAnswer.text("The group of the sandbox", group, MOST);
            options = AgentAnswer.list("The list of folders", options, String.class, MOST);
            missing = AgentAnswer.list("The list of missing folders", missing, String.class, MOST);
        }
    }

    /**
     * @param program that will run
     * @param folder in which it will work: no program is looked for there, as links in it could lead anywhere
     * @param environment variables that it will have, besides the agent's own
     * @param readable further folders; {@code ~/} is the home of the agent's user
     */
    SandboxLayout(String program, String folder, Map<String, String> environment, List<String> readable) {
        this.program = program;
        this.folder = folder;
        this.environment = new HashMap<>(environment);
        this.readable = List.copyOf(readable);
    }

    @Override
    public View invoke(File home, VirtualChannel channel) throws IOException {
        List<String> options = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
        for (String name : SYSTEM) {
            Path folder = Path.of(name);
            if (Files.isSymbolicLink(folder)) {
                options.addAll(
                        List.of("--symlink", Files.readSymbolicLink(folder).toString(), folder.toString()));
            } else {
                options.addAll(readOnly(folder));
            }
        }
        SETTINGS.forEach(name -> options.addAll(readOnly(ETC.resolve(name))));
        for (Path each : javaSettings()) {
            options.addAll(readOnly(each));
        }
        options.addAll(readOnly(NIX));

        List<String> missing = new ArrayList<>();
        Set<Path> shown = programs(home.toPath());
        for (String each : readable) {
            Path path = Path.of(each.startsWith("~/") ? System.getProperty("user.home") + each.substring(1) : each);
            if (!Files.exists(path)) {
                missing.add(each);
            }
            shown.add(path);
        }
        // A folder before what is in it, or it would hide that.
        shown.stream().sorted(Comparator.comparing(Path::getNameCount)).forEach(path -> options.addAll(readOnly(path)));

        Object uid = Files.getAttribute(home.toPath(), "unix:uid");
        Object gid = Files.getAttribute(home.toPath(), "unix:gid");
        String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "");
        String name = user.isEmpty() ? "agent" : user;
        return new View(
                name + ":x:" + uid + ":" + gid + "::" + home + ":/bin/sh", name + ":x:" + gid + ":", options, missing);
    }

    private static List<String> readOnly(Path path) {
        return List.of("--ro-bind-try", path.toString(), path.toString());
    }

    /** Debian keeps what a JDK cannot do without in /etc/java-17-openjdk. */
    private static List<Path> javaSettings() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(ETC)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(ETC, "java*")) {
                all.forEach(found::add);
            }
        }
        return found;
    }

    private String variable(String name) {
        String value = environment.getOrDefault(name, System.getenv(name));
        return value == null ? "" : value;
    }

    /** Where programs outside the system's folders are, and what belongs to them. */
    private Set<Path> programs(Path home) {
        Set<Path> shown = new LinkedHashSet<>();
        for (String name : NAMED) {
            Path path = absolute(variable(name));
            if (path != null && !isShown(path, shown) && !tooMuch(path, home)) {
                shown.add(path);
            }
        }
        for (String entry : variable("PATH").split(File.pathSeparator)) {
            Path place = absolute(entry);
            if (place != null && Files.isDirectory(place) && !isOwn(place)) {
                showFolder(place, home, shown);
                showTargets(place, home, shown);
            }
        }
        Path command = absolute(program);
        if (command != null && command.getParent() != null && !isOwn(command)) {
            showFolder(command.getParent(), home, shown);
            showTarget(command, home, shown);
        }
        return shown;
    }

    /** Whether a path leads into the folder in which the command will work. */
    private boolean isOwn(Path path) {
        try {
            return path.startsWith(folder)
                    || path.toRealPath().startsWith(Path.of(folder).toRealPath());
        } catch (IOException e) {
            return true;
        }
    }

    private static Path absolute(String text) {
        return text.startsWith("/") ? Path.of(text).normalize() : null;
    }

    /** A folder with programs; with what is around it, if its name is {@code bin} and it is nobody's home. */
    private static void showFolder(Path folder, Path home, Set<Path> shown) {
        if (isShown(folder, shown) || tooMuch(folder, home)) {
            return;
        }
        Path name = folder.getFileName();
        Path around = folder.getParent();
        if (around == null || name == null || !name.toString().matches("s?bin|shims")) {
            shown.add(folder);
        } else if (!tooMuch(around, home) && !isPrivate(around)) {
            shown.add(around);
        } else {
            shown.add(folder);
            BESIDE.forEach(each -> shown.add(around.resolve(each)));
        }
    }

    /** Many a program on the PATH is a link to where it really is. */
    private static void showTargets(Path folder, Path home, Set<Path> shown) {
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(Files::isSymbolicLink).forEach(link -> showTarget(link, home, shown));
        } catch (IOException | DirectoryIteratorException e) {
            // Who cannot list a folder cannot run a program of it by its name alone, but that is no reason to run
            // nothing.
        }
    }

    private static void showTarget(Path link, Path home, Set<Path> shown) {
        try {
            Path target = link.toRealPath();
            if (isShown(target, shown) || !Files.isRegularFile(target)) {
                return;
            }
            shown.add(target);
            Path folder = target.getParent();
            if (folder != null && folder.endsWith("bin")) {
                showFolder(folder, home, shown);
            }
        } catch (IOException e) {
            // It leads nowhere.
        }
    }

    private static boolean isShown(Path path, Set<Path> shown) {
        return path.startsWith("/usr")
                || SYSTEM.stream().anyMatch(each -> path.startsWith(each))
                || shown.stream().anyMatch(path::startsWith);
    }

    /** Whether a folder holds more than programs: the whole system, somebody's home, the workspaces of the agent. */
    private static boolean tooMuch(Path folder, Path home) {
        Path user = Path.of(System.getProperty("user.home", "/"));
        return folder.getNameCount() == 0 || user.startsWith(folder) || home.startsWith(folder);
    }

    /** Whether it is below the user's home in a folder whose name begins with a dot, where programs keep passwords, too. */
    private static boolean isPrivate(Path folder) {
        Path user = Path.of(System.getProperty("user.home", "/"));
        if (user.getNameCount() == 0 || !folder.startsWith(user)) {
            return false;
        }
        for (Path part : user.relativize(folder)) {
            String name = part.toString();
            if (name.startsWith(".") && !VERSIONS.contains(name)) {
                return true;
            }
        }
        return false;
    }
}
