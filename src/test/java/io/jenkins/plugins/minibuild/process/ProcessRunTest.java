package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.FilePath;
import hudson.Functions;
import hudson.Launcher;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessRunTest {
    private final Launcher launcher = new Launcher.LocalLauncher(TaskListener.NULL);
    private final List<String> lines = new ArrayList<>();

    @TempDir
    Path dir;

    @BeforeEach
    void unixOnly() {
        assumeTrue(!Functions.isWindows(), "skipped: these commands need a Unix shell");
    }

    private ProcessRun sh(String script) {
        return ProcessRun.shell(launcher, script).in(new FilePath(dir.toFile())).onLine(lines::add);
    }

    @Test
    void deliversLinesAndTheExitCode() throws Exception {
        ProcessResult result =
                sh("echo one; echo two >&2; printf three; exit 7").run();

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(lines).containsExactly("one", "two", "three");
        assertThat(result.tail()).containsExactly("one", "two", "three");
    }

    /** Lines are kept in the controller's memory, and a command on an agent can be anything. */
    @Test
    void aCommandThatPrintsForHoursDoesNotFillTheMemoryOfTheController() throws Exception {
        ProcessRun endless = ProcessRun.shell(launcher, "yes a line | head -c 10000000; echo done")
                .in(new FilePath(dir.toFile()))
                .keep(lines);
        assertThatThrownBy(endless::run)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("printed more than 16 MB");
        assertThat(lines).hasSizeBetween(100_000, 500_000);
    }

    @Test
    void keepsStandardErrorApartWhenAsked() throws Exception {
        List<String> errors = new ArrayList<>();
        sh("echo out; echo err >&2").onErrorLine(errors::add).run();

        assertThat(lines).containsExactly("out");
        assertThat(errors).containsExactly("err");
    }

    @Test
    void passesArgumentsLiterally() throws Exception {
        ProcessRun.command(launcher, "printf", "%s\\n")
                .arg("$HOME ${PATH} $$ `id` \"'\\ *")
                .arg("")
                .arg("a\nb")
                .onLine(lines::add)
                .runOrFail();

        assertThat(lines).containsExactly("$HOME ${PATH} $$ `id` \"'\\ *", "", "a", "b");
    }

    @Test
    void givesTheCommandItsInputAndNoMore() throws Exception {
        String text = "first\nsecond ü\n\n";
        sh("od -An -tx1 | tr -d ' \\n'").stdin(text).runOrFail();

        StringBuilder hex = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append("%02x".formatted(b));
        }
        assertThat(String.join("", lines)).isEqualTo(hex.toString());
    }

    @Test
    void givesAnEmptyInputWhenThereIsNone() throws Exception {
        sh("cat; echo done").runOrFail();

        assertThat(lines).containsExactly("done");
    }

    @Test
    void endsWellWhenTheCommandDoesNotReadItsInput() throws Exception {
        ProcessResult result = sh("exit 3").stdin("x".repeat(5_000_000)).run();

        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void keepsOnlyTheChosenPartOfTheEnvironment() throws Exception {
        sh("env").cleanEnvironment(Set.of("PATH")).env("MINE", "yes").runOrFail();

        assertThat(lines).contains("MINE=yes").anyMatch(line -> line.startsWith("PATH="));
        assertThat(lines).noneMatch(line -> line.startsWith("HOME=") || line.startsWith("USER="));
    }

    @Test
    void inheritsTheEnvironmentOtherwise() throws Exception {
        sh("echo \"$HOME\"").runOrFail();

        assertThat(lines).containsExactly(System.getenv("HOME"));
    }

    @Test
    void replacesInvalidUtf8() throws Exception {
        sh("printf 'a\\377b\\n'").runOrFail();

        assertThat(lines).containsExactly("a\uFFFDb");
    }

    @Test
    void survivesALineOfManyMegabytes() throws Exception {
        AtomicLong length = new AtomicLong();
        List<String> ends = new ArrayList<>();
        sh("head -c 8388608 /dev/zero | tr '\\0' x; echo; echo after")
                .onLine(line -> {
                    length.set(Math.max(length.get(), line.length()));
                    ends.add(line.substring(Math.max(0, line.length() - 40)));
                })
                .runOrFail();

        assertThat(length.get()).isBetween(1_000_000L, 1_100_000L);
        assertThat(ends.get(0)).endsWith("… [7340032 more bytes]");
        assertThat(ends.get(1)).isEqualTo("after");
    }

    @Test
    void namesTheCommandThatIsMissing() {
        assertThatThrownBy(() -> ProcessRun.command(launcher, "no-such-command-here", "x")
                        .run())
                .isInstanceOf(CommandNotFoundException.class)
                .hasMessageContaining("'no-such-command-here'")
                .hasMessageContaining("Install it");
    }

    @Test
    void quotesTheLastLinesInTheErrorWithoutSecrets() {
        Redactor redactor = new Redactor();
        redactor.add("hunter22");
        assertThatThrownBy(() -> sh("seq 100; echo pass hunter22; exit 9")
                        .redactor(redactor)
                        .what("the build")
                        .runOrFail())
                .isInstanceOfSatisfying(CommandFailedException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(9))
                .hasMessageStartingWith("the build failed with exit code 9")
                .hasMessageContaining("    100\n    pass ****")
                .hasMessageNotContaining("\n    50\n");
    }

    @Test
    void showsTheCommandWithoutSecrets() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Redactor redactor = new Redactor();
        redactor.add("s3cret-value");
        ProcessRun.command(launcher, "echo", "it's", "me", "s3cret-value")
                .redactor(redactor)
                .echo(new StreamTaskListener(log, StandardCharsets.UTF_8))
                .runOrFail();

        assertThat(log.toString(StandardCharsets.UTF_8)).isEqualTo("$ echo 'it'\\''s' me ****\nit's me ****\n");
    }

    @Test
    void throwsWhatAConsumerThrows() {
        assertThatThrownBy(() -> ProcessRun.shell(launcher, "seq 1000")
                        .onLine(line -> {
                            throw new IllegalStateException("no more");
                        })
                        .run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no more");
    }

    @Test
    void saysWhenTheWorkingDirectoryIsMissing() {
        assertThatThrownBy(() -> ProcessRun.command(launcher, "true")
                        .in(new FilePath(new File(dir.toFile(), "gone")))
                        .run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void endsTheWholeTreeAtTheDeadlineEvenIfItIgnoresTerm() throws Exception {
        String mark = "tree-" + System.nanoTime();
        long start = System.nanoTime();
        assertThatThrownBy(() -> sh(stubbornTree(mark))
                        .what("the tree")
                        .deadline(Deadline.after(Duration.ofMillis(700)))
                        .run())
                .isInstanceOf(CommandTimeoutException.class)
                .hasMessageContaining("the tree was ended because it had not finished after 0.7 seconds");

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(3500), Duration.ofSeconds(30));
        assertThat(processesWith(mark)).isEmpty();
    }

    @Test
    void endsTheWholeTreeWhenInterrupted() throws Exception {
        String mark = "tree-" + System.nanoTime();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                sh(stubbornTree(mark)).run();
                failure.complete(null);
            } catch (Throwable t) {
                failure.complete(t);
            }
        });
        thread.start();
        while (processesWith(mark).size() < 3) {
            Thread.sleep(20);
        }
        thread.interrupt();

        assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(processesWith(mark)).isEmpty();
    }

    @Test
    void endsAtOnceWhatObeysTerm() {
        // On a busy machine one try can be slow. With the grace none would be quick.
        Duration quickest = Duration.ofDays(1);
        for (int i = 0; i < 8 && quickest.compareTo(Duration.ofSeconds(2)) > 0; i++) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> sh("sleep 100 & sleep 100")
                            .deadline(Deadline.after(Duration.ofMillis(200)))
                            .run())
                    .isInstanceOf(CommandTimeoutException.class);
            quickest = Duration.ofNanos(Math.min(quickest.toNanos(), System.nanoTime() - start));
        }

        assertThat(quickest).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void leavesNoDaemonBehindAfterANormalEnd() throws Exception {
        String mark = "daemon-" + System.nanoTime();
        sh("setsid sh -c 'exec sleep 1000 " + mark + "' >/dev/null 2>&1 & echo started")
                .run();

        assertThat(lines).containsExactly("started");
        assertThat(processesWith(mark)).isEmpty();
    }

    /** The parent plays the agent's JVM: it starts a command through ProcessRun and is killed. */
    @Test
    void endsTheTreeWhenTheAgentIsKilled() throws Exception {
        String mark = "orphan-" + System.nanoTime();
        Process agent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentMain.class.getName(),
                        stubbornTree(mark))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("agent.log").toFile())
                .start();
        try {
            while (processesWith(mark).size() < 3) {
                assertThat(agent.isAlive())
                        .as(Files.readString(dir.resolve("agent.log")))
                        .isTrue();
                Thread.sleep(50);
            }
            agent.destroyForcibly().waitFor();
            Deadline deadline = Deadline.after(Duration.ofSeconds(30));
            while (!processesWith(mark).isEmpty() && !deadline.expired()) {
                Thread.sleep(50);
            }
            assertThat(processesWith(mark)).isEmpty();
        } finally {
            agent.destroyForcibly();
        }
    }

    /** Stands for an agent's JVM. */
    static final class AgentMain {
        public static void main(String[] args) throws Exception {
            ProcessRun.shell(new Launcher.LocalLauncher(TaskListener.NULL), args[0])
                    .run();
        }
    }

    /** Three generations that ignore TERM, the last in a session of its own; the mark stands in their argv. */
    private static String stubbornTree(String mark) {
        String sleeper = "trap \"\" TERM; while :; do sleep 0.1; done";
        return "trap '' TERM; sh -c '" + sleeper + "' " + mark + " & setsid sh -c '" + sleeper + "' " + mark
                + " & sh -c '" + sleeper + "' " + mark;
    }

    private static List<Long> processesWith(String mark) throws IOException {
        List<Long> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String argv = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    // the one that has it as an argument of its own, not the shell that was given the whole script
                    if (argv.endsWith("\0" + mark + "\0") || argv.contains("sleep\0" + "1000\0" + mark)) {
                        found.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (IOException e) {
                    // ended meanwhile
                }
            }
        }
        return found;
    }

    @Test
    void outputComesAsItIsAndErrorsStayLines() throws Exception {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();

        ProcessResult result = ProcessRun.command(launcher, "sh", "-c", "printf 'a\\r\\nb'; echo trouble >&2")
                .output(raw)
                .onErrorLine(line -> {})
                .run();

        assertThat(raw.toString(StandardCharsets.UTF_8)).isEqualTo("a\r\nb");
        assertThat(result.tail()).containsExactly("trouble");
    }

    @Test
    void aReceiverThatFailsDoesNotHoldTheCommandUp() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space");
            }
        };

        assertThatThrownBy(() -> ProcessRun.command(launcher, "sh", "-c", "head -c 1000000 /dev/zero")
                        .output(full)
                        .onErrorLine(line -> {})
                        .run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no space");
    }

    @Test
    void endsWhenTheCallerWantsItTo() throws Exception {
        StringBuilder said = new StringBuilder();
        long start = System.nanoTime();

        ProcessResult result = ProcessRun.command(launcher, "sh", "-c", "echo up; sleep 600 & sleep 600")
                .onLine(said::append)
                .stopWhen(() -> said.length() > 0)
                .run();

        assertThat(result.exitCode()).isNotZero();
        // A shell that outlives its command for a moment may add a word on that.
        assertThat(result.tail()).startsWith("up");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
}
