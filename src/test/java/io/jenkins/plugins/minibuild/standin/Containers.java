package io.jenkins.plugins.minibuild.standin;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real containers for tests: a container engine of this machine and an image made of the static busybox, so that no
 * registry is needed. What the machine lacks skips the test and is named.
 */
public final class Containers implements AutoCloseable {
    /** Machines without systemd and with small limits need this much said. */
    private static final String PLAIN_RUNC = """
            [containers]
            default_ulimits=["nofile=1024:1024","nproc=1024:1024"]
            [engine]
            runtime="runc"
            cgroup_manager="cgroupfs"
            """;

    private static final List<String> APPLETS =
            List.of("sh", "sleep", "cat", "echo", "env", "id", "touch", "ls", "test", "trap", "dd", "tail", "head");

    private final Path command;
    private final String image;
    private final Path log;

    private Containers(Path command, String image, Path log) {
        this.command = command;
        this.image = image;
        this.log = log;
    }

    /**
     * The engine, if it works here.
     *
     * @param folder an empty one, for its files
     */
    public static Containers start(Path folder) throws IOException, InterruptedException {
        return start(folder, Map.of());
    }

    /**
     * As {@link #start(Path)}, with programs of this machine in the image, their libraries included.
     *
     * @param programs files of this machine by their path in the image, relative
     */
    public static Containers start(Path folder, Map<String, Path> programs) throws IOException, InterruptedException {
        Path busybox = Stream.of("/bin/busybox", "/usr/bin/busybox")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(busybox != null, "skipped: no static busybox (Debian: busybox-static)");
        String engine = Stream.of("podman", "docker")
                .filter(name -> Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, name))))
                .findFirst()
                .orElse(null);
        assumeTrue(engine != null, "skipped: neither podman nor docker is installed");
        Path log = folder.resolve("engine.log");
        Path bin = Files.createDirectories(folder.resolve("root/bin"));
        Files.createDirectories(folder.resolve("root/tmp"));
        Files.createDirectories(folder.resolve("root/proc"));
        Files.copy(busybox, bin.resolve("busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        for (Map.Entry<String, Path> program : programs.entrySet()) {
            Path there = folder.resolve("root").resolve(program.getKey());
            Files.createDirectories(there.getParent());
            Files.deleteIfExists(there);
            Files.copy(program.getValue().toRealPath(), there, StandardCopyOption.COPY_ATTRIBUTES);
            for (Path library : libraries(program.getValue())) {
                Path copy = folder.resolve("root").resolve(library.toString().substring(1));
                if (!Files.exists(copy)) {
                    Files.createDirectories(copy.getParent());
                    Files.copy(library.toRealPath(), copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        Path archive = folder.resolve("root.tar");
        run(log, "tar", "-C", folder.resolve("root").toString(), "-cf", archive.toString(), ".");
        Path configuration = Files.writeString(folder.resolve("containers.conf"), PLAIN_RUNC);
        String image = "localhost/mini-build-test:" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        for (String prefix : List.of("", "CONTAINERS_CONF='" + configuration + "' ")) {
            Path command =
                    Files.writeString(folder.resolve(engine), "#!/bin/sh\n" + prefix + "exec " + engine + " \"$@\"\n");
            Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
            Containers containers = new Containers(command, image, log);
            if (run(log, command.toString(), "import", archive.toString(), image) == 0
                    && run(log, command.toString(), "run", "--rm", "--network=none", image, "/bin/sh", "-c", "exit 0")
                            == 0) {
                return containers;
            }
            containers.close();
        }
        assumeTrue(false, "skipped: " + engine + " cannot run a container here: " + Files.readString(log));
        throw new IllegalStateException();
    }

    /** What the loader would load, by the paths it looks at. */
    private static List<Path> libraries(Path program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ldd", program.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Stream<String> lines = process.inputReader().lines()) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .flatMap(Stream::of)
                    .filter(word -> word.startsWith("/"))
                    .map(Path::of)
                    .filter(Files::exists)
                    .toList();
        }
    }

    private static int run(Path log, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(List.of(command) + " did not end");
        }
        return process.exitValue();
    }

    /** The engine's command, by its path. */
    public String command() {
        return command.toString();
    }

    /** An image with a shell and little else. */
    public String image() {
        return image;
    }

    /** Gives the image one more name, such as {@code node:18}; it goes with the image. */
    public void tag(String name) throws IOException, InterruptedException {
        if (run(log, command(), "tag", image, name) != 0) {
            throw new IOException(Files.readString(log));
        }
    }

    /** What the engine needs in the environment of whoever calls it by its own name. */
    public Map<String, String> environment() {
        return Map.of(
                "CONTAINERS_CONF", command.resolveSibling("containers.conf").toString());
    }

    /** The names of the containers that there are, running or not, whose name begins so. */
    public List<String> names(String prefix) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        command(), "ps", "--all", "--format", "{{.Names}}", "--filter", "name=" + prefix)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (Stream<String> lines = process.inputReader().lines()) {
            return lines.filter(line -> line.startsWith(prefix)).toList();
        }
    }

    /** Ends and removes a container at once, if it is there. */
    public void end(String name) throws IOException, InterruptedException {
        run(log, command(), "kill", name);
        run(log, command(), "rm", "--force", name);
    }

    /** Removes the image, and what still runs of it. */
    @Override
    public void close() throws IOException {
        try {
            run(log, command(), "rmi", "--force", image);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
