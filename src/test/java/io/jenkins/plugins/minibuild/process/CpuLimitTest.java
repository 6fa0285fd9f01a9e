package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.Functions;
import hudson.Launcher;
import hudson.model.TaskListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real nice and a real shell; systemd-run and the groups of the kernel are pretended, as machines that build seldom have them. */
@Timeout(60)
class CpuLimitTest {
    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void pretendedCommandsComeFirst() throws IOException {
        assumeTrue(!Functions.isWindows(), "skipped: nice is a command of Unix");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        // Without a manager, as in a container.
        command(bin, "systemd-run", "echo 'Failed to connect to bus' >&2; exit 1");
        launcher = new Launcher.LocalLauncher(TaskListener.NULL)
                .decorateByPrefix("env", "PATH=" + bin + ":" + System.getenv("PATH"));
    }

    private static void command(Path bin, String name, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The kernel's groups: ours has the agent in it, the one above shares out processors. */
    private Path groups(String controllers) throws IOException {
        Path root = Files.createDirectories(folder.resolve("cgroup"));
        Path agent = Files.createDirectories(root.resolve("user.slice/agent.service"));
        Files.writeString(agent.resolve("cgroup.procs"), "");
        Files.writeString(agent.resolve("cgroup.subtree_control"), "");
        Files.writeString(root.resolve("user.slice/cgroup.procs"), "");
        Files.writeString(root.resolve("user.slice/cgroup.subtree_control"), controllers);
        Files.writeString(folder.resolve("self"), "1:name=systemd:/x\n0::/user.slice/agent.service\n");
        return root;
    }

    private CpuLimit.Prefix prefix(CpuLimit limit) throws Exception {
        return limit.on(
                launcher,
                folder.resolve("cgroup").toString(),
                folder.resolve("self").toString());
    }

    /** What a command is with a niceness of 7: the tests may be nice themselves. */
    private String nicer() throws Exception {
        int own = Integer.parseInt(
                run(new CpuLimit.Prefix(List.of("env"), null), "nice").get(0));
        return String.valueOf(Math.min(19, own + 7));
    }

    private List<String> run(CpuLimit.Prefix prefix, String script) throws Exception {
        List<String> lines = new ArrayList<>();
        ProcessRun.shell(launcher.decorateByPrefix(prefix.words().toArray(String[]::new)), script)
                .onLine(lines::add)
                .runOrFail();
        return lines;
    }

    @Test
    void commandsStandBackAndWhatTheAgentCannotDoIsSaid() throws Exception {
        CpuLimit.Prefix prefix = prefix(new CpuLimit(2, 7));
        assertThat(prefix.words()).containsExactly("nice", "-n", "7");
        assertThat(prefix.missing()).contains("cpus", "systemd-run", "cgroup of version 2");
        assertThat(run(prefix, "nice")).containsExactly(nicer());
        assertThat(prefix(new CpuLimit(0, 7)).missing()).isNull();
    }

    @Test
    void whereSystemdHasAUserManagerItLimitsTheCommand() throws Exception {
        command(
                folder.resolve("bin"),
                "systemd-run",
                "echo \"$1 $2 $3 $4 $5 $6\" >>" + folder.resolve("asked")
                        + "; while [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\"");
        CpuLimit.Prefix prefix = prefix(new CpuLimit(1.5, 7));
        assertThat(prefix.missing()).isNull();
        assertThat(run(prefix, "echo \"$(nice) $HOME\"")).containsExactly(nicer() + " " + System.getenv("HOME"));
        assertThat(Files.readAllLines(folder.resolve("asked")))
                .allSatisfy(line -> assertThat(line).isEqualTo("--user --scope --quiet -p CPUQuota=150% --"));
    }

    @Test
    void elseAGroupOfTheKernelDoes() throws Exception {
        Path root = groups("cpu memory");
        Path old = Files.createDirectory(root.resolve("user.slice/mini-build-1"));
        CpuLimit.Prefix prefix = prefix(new CpuLimit(0.5, 0));
        assertThat(prefix.missing()).isNull();
        assertThat(old).as("left by an earlier command").doesNotExist();
        String pid = run(prefix, "echo $$").get(0);
        // The leash stands before the command; the group holds it.
        List<Path> entered;
        try (var all = Files.list(root.resolve("user.slice"))) {
            entered = all.filter(each -> each.getFileName().toString().startsWith("mini-build-"))
                    .toList();
        }
        assertThat(pid).isNotEmpty();
        assertThat(entered).hasSize(2).allSatisfy(group -> {
            assertThat(group.resolve("cpu.max")).hasContent("50000 100000");
            assertThat(group.resolve("cgroup.procs"))
                    .hasContent(group.getFileName().toString().replace("mini-build-", ""));
        });
    }

    @Test
    void aGroupThatAnotherCommandTookAwayWhileItWasEmptyIsMadeAgain() throws Exception {
        groups("cpu");
        // Always lost the first time: the other command is as quick as can be.
        command(
                folder.resolve("bin"),
                "mkdir",
                "f=" + folder.resolve("lost")
                        + "; for last; do :; done; grep -sqxF \"$last\" $f || { echo \"$last\" >>$f; exit 0; }; exec /bin/mkdir \"$@\"");
        CpuLimit.Prefix prefix = prefix(new CpuLimit(0.5, 0));
        assertThat(prefix.missing()).isNull();
        assertThat(run(prefix, "echo ran")).containsExactly("ran");
        assertThat(folder.resolve("lost")).exists();
    }

    @Test
    void aGroupThatSharesOutNoProcessorsIsNoHelp() throws Exception {
        groups("memory");
        CpuLimit.Prefix prefix = prefix(new CpuLimit(0.5, 0));
        assertThat(prefix.words()).isEmpty();
        assertThat(prefix.missing()).contains("cgroup of version 2");
    }
}
