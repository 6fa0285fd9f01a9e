package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real bubblewrap; what needs it is skipped where there is none. */
@Timeout(60)
class SandboxTest {
    private static final String NEIGHBOUR = "what-only-the-neighbour-may-know-3306";

    private final Launcher launcher = new Launcher.LocalLauncher(TaskListener.NULL);
    private final List<String> lines = new ArrayList<>();

    @TempDir
    private Path root;

    private FilePath folder;
    private FilePath home;
    private Path neighbour;

    @BeforeEach
    void folders() throws IOException {
        folder =
                new FilePath(Files.createDirectory(root.resolve("my workspace")).toFile());
        home = new FilePath(Files.createDirectory(root.resolve("home")).toFile());
        neighbour = Files.writeString(root.resolve("neighbour.txt"), NEIGHBOUR + "\n");
    }

    private Sandbox sandbox(String... readable) throws IOException, InterruptedException {
        try {
            return Sandbox.find(launcher, Sandbox.STANDARD, home, List.of(readable));
        } catch (SandboxMissingException e) {
            assumeTrue(false, "skipped: " + e.getMessage());
            throw e;
        }
    }

    private ProcessRun sh(Sandbox sandbox, boolean writable, String script) throws IOException, InterruptedException {
        return sandbox.run(
                        List.of("/bin/sh", "-c", script),
                        folder,
                        writable,
                        home,
                        Map.of("WORD", "a value"),
                        Sandbox.Reach.NOTHING)
                .onLine(lines::add)
                .deadline(Deadline.after(Duration.ofSeconds(30)));
    }

    @Test
    void theFolderAndTheHomeCanBeChangedAndNothingElse() throws Exception {
        ProcessResult result = sh(
                        sandbox(),
                        true,
                        "pwd; echo in > made; echo home > ~/kept; echo tmp > /tmp/too; echo \"$WORD\"; echo x > /usr/made;"
                                + " echo x > '" + root + "/made'; echo x > /etc/made; echo x > /made; cat '" + neighbour
                                + "'; ls /root /home /var /run; exit 7")
                .env("HOME", home.getRemote())
                .run();

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(lines).contains(folder.getRemote(), "a value").doesNotContain(NEIGHBOUR);
        assertThat(folder.child("made").readToString()).isEqualTo("in\n");
        assertThat(home.child("kept").readToString()).isEqualTo("home\n");
        assertThat(home.child("too").readToString()).isEqualTo("tmp\n");
        assertThat(root.resolve("made")).doesNotExist();
        assertThat(Path.of("/usr/made")).doesNotExist();
        assertThat(Path.of("/etc/made")).doesNotExist();
        assertThat(Path.of("/made")).doesNotExist();
        try (var left = Files.list(root)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("my workspace", "home", "neighbour.txt");
        }
    }

    @Test
    void processesOutsideAreNotSeenAndTheUserHasItsName() throws Exception {
        sh(
                        sandbox(),
                        true,
                        "echo processes $(ls /proc | grep -c '^[0-9]'); cat /etc/passwd /etc/group; id -u; kill -0 "
                                + ProcessHandle.current().pid() + " && echo reached")
                .run();

        assertThat(lines)
                .noneMatch(line -> line.equals("reached"))
                .anyMatch(line -> line.startsWith(System.getProperty("user.name") + ":x:"));
        int seen = Integer.parseInt(lines.stream()
                .filter(line -> line.startsWith("processes "))
                .findFirst()
                .orElseThrow()
                .substring(10));
        assertThat(seen).isBetween(1, 10);
    }

    @Test
    void gitsOwnFolderIsReadOnly() throws Exception {
        folder.child(".git/hooks").mkdirs();
        folder.child(".git/config").write("[core]\n", "UTF-8");

        sh(
                        sandbox(),
                        true,
                        "cat .git/config; echo x > .git/hooks/pre-push; echo x >> .git/config; mv .git git; rm -rf .git;"
                                + " echo commondir > .git/commondir")
                .run();

        assertThat(lines).contains("[core]");
        assertThat(folder.child(".git/config").readToString()).isEqualTo("[core]\n");
        assertThat(folder.child(".git/hooks").list()).isEmpty();
        assertThat(folder.child(".git/commondir").exists()).isFalse();
    }

    @Test
    void aFolderThatIsOnlyReadCannotBeChanged() throws Exception {
        folder.child("there").write("x\n", "UTF-8");

        sh(sandbox(), false, "cat there; echo y > there; echo y > more").run();

        assertThat(lines).contains("x");
        assertThat(folder.child("there").readToString()).isEqualTo("x\n");
        assertThat(folder.child("more").exists()).isFalse();
    }

    @Test
    void linksLeadNowhereOutside() throws Exception {
        Files.createSymbolicLink(Path.of(folder.getRemote(), "link"), neighbour);
        Files.createSymbolicLink(root.resolve("home/folder"), root);

        sh(sandbox(), true, "cat link ~/folder/neighbour.txt; ln -s '" + root + "' out; cat out/neighbour.txt")
                .env("HOME", home.getRemote())
                .run();

        assertThat(lines).doesNotContain(NEIGHBOUR);
    }

    @Test
    void programsOnThePathAreThereWithWhatTheyNeed() throws Exception {
        Path tool = Files.createDirectories(root.resolve("opt/tool"));
        Files.createDirectories(tool.resolve("bin"));
        Files.createDirectories(tool.resolve("share"));
        Files.writeString(tool.resolve("share/words"), "from beside it\n");
        script(tool.resolve("bin/first"), "cat \"$(dirname \"$0\")/../share/words\"");
        Path links = Files.createDirectories(root.resolve("links"));
        Path far = Files.createDirectories(root.resolve("far"));
        script(far.resolve("second-1.2"), "echo second");
        Files.createSymbolicLink(links.resolve("second"), far.resolve("second-1.2"));
        Files.writeString(far.resolve("secret"), NEIGHBOUR + "\n");

        sandbox()
                .run(
                        List.of("/bin/sh", "-c", "first; second; cat '" + far + "/secret'"),
                        folder,
                        true,
                        home,
                        Map.of("PATH", tool + "/bin:" + links + ":/no/such/folder:relative:/usr/bin:/bin"),
                        Sandbox.Reach.NOTHING)
                .onLine(lines::add)
                .run();

        assertThat(lines).contains("from beside it", "second").doesNotContain(NEIGHBOUR);
    }

    /** A job may well have put them on its PATH. */
    @Test
    void programsOfTheFolderShowNothingOutside() throws Exception {
        Path bin = Files.createDirectories(Path.of(folder.getRemote(), "node_modules/.bin"));
        Files.createSymbolicLink(bin.resolve("key"), neighbour);
        Path links = Files.createDirectories(root.resolve("opt"));
        Files.createSymbolicLink(links.resolve("bin"), bin);
        Path outside = Files.createDirectories(root.resolve("elsewhere"));
        Files.writeString(outside.resolve("config"), NEIGHBOUR + "\n");
        Files.createSymbolicLink(Path.of(folder.getRemote(), ".git"), outside);

        sandbox()
                .run(
                        List.of("/bin/sh", "-c", "cat node_modules/.bin/key .git/config; cat '" + neighbour + "'"),
                        folder,
                        true,
                        home,
                        Map.of("PATH", bin + ":" + links + "/bin:/usr/bin:/bin"),
                        Sandbox.Reach.NOTHING)
                .onLine(lines::add)
                .run();

        assertThat(lines).isNotEmpty().doesNotContain(NEIGHBOUR);
    }

    @Test
    void aProgramOutsideThePathIsThereToo() throws Exception {
        Path place = Files.createDirectories(root.resolve("tools/claude"));
        script(place.resolve("claude"), "echo \"here $1\"");

        sandbox()
                .run(
                        List.of(place + "/claude", "$HOME is no variable"),
                        folder,
                        true,
                        home,
                        Map.of(),
                        Sandbox.Reach.NOTHING)
                .onLine(lines::add)
                .run();

        assertThat(lines).contains("here $HOME is no variable");
    }

    @Test
    void furtherFoldersAreReadable() throws Exception {
        Path cache = Files.createDirectories(root.resolve("cache"));
        Files.writeString(cache.resolve("jar"), "a jar\n");

        sh(sandbox(cache.toString()), true, "cat '" + cache + "/jar'; echo x > '" + cache + "/jar'")
                .run();

        assertThat(lines).contains("a jar");
        assertThat(cache.resolve("jar")).hasContent("a jar\n");
        assertThatThrownBy(() -> sandbox("/no/such/folder"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("There is no /no/such/folder on this agent");
    }

    @Test
    void theTreeEndsAtTheDeadline() throws Exception {
        Sandbox sandbox = sandbox();
        assertThatThrownBy(() -> sandbox.run(
                                List.of("/bin/sh", "-c", "trap '' TERM; sleep 7499 & sleep 7499"),
                                folder,
                                true,
                                home,
                                Map.of(),
                                Sandbox.Reach.NOTHING)
                        .deadline(Deadline.after(Duration.ofSeconds(1)))
                        .run())
                .isInstanceOf(CommandTimeoutException.class);

        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info().commandLine().orElse("").contains("sleep 7499"))
                        .toList())
                .isEmpty();
    }

    @Test
    void theInputReachesTheCommandAndVariablesAreThoseThatWereKept() throws Exception {
        sh(sandbox(), true, "cat; env | cut -d= -f1 | sort | tr '\\n' ' '")
                .stdin("the input\n")
                .cleanEnvironment(Set.of("PATH"))
                .run();

        assertThat(lines).contains("the input");
        assertThat(lines.get(lines.size() - 1)).doesNotContain("USER ", "MAVEN");
    }

    @Test
    void whereThereIsNoneTheReasonIsTold() throws Exception {
        Path broken = root.resolve("bwrap");
        script(broken, "echo 'bwrap: No permissions to create a new namespace' >&2; exit 1");
        List<String> reasons = new ArrayList<>();

        Isolation wished = new Isolation(null, Isolation.SandboxUse.AUTO, List.of());
        assertThat(wished.sandbox(launcher, broken.toString(), home, reasons::add))
                .isNull();
        assertThat(reasons).singleElement().asString().contains("No permissions to create a new namespace");

        Isolation required = new Isolation(null, Isolation.SandboxUse.REQUIRED, List.of());
        assertThatThrownBy(() -> required.sandbox(launcher, broken.toString(), home, reasons::add))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("No permissions", "another agent", "containerImage");
        assertThat(Isolation.none().sandbox(launcher, home, reasons::add)).isNull();
        assertThat(reasons).hasSize(1);
        assertThat(wished.sandbox(launcher, "no-such-bwrap", home, reasons::add))
                .isNull();
        assertThat(reasons.get(1)).contains("install the package bubblewrap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "../up", "/a/../b", "~user/x", "-v", "/a\u0000b"})
    void whatIsNoPathIsRefused(String path) {
        assertThatThrownBy(() -> Isolation.readable("/good, " + path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absolute paths");
    }

    @Test
    void pathsAreSeparatedByCommasAndLines() {
        assertThat(Isolation.readable(" /a b , ~/.m2/repository\n/c,,"))
                .containsExactly("/a b", "~/.m2/repository", "/c");
        assertThat(Isolation.readable(null)).isEmpty();
        assertThatThrownBy(() -> Isolation.SandboxUse.of("yes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, required or off");
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }
}
