package io.jenkins.plugins.minibuild.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentJobHostTest {
    @TempDir
    Path root;

    private final HeardNews news = new HeardNews();
    private final String job = "t-" + UUID.randomUUID();
    private Path workspace;
    private Path temp;
    private AgentJobHost host;

    @BeforeEach
    void begin() throws IOException {
        // Blanks, quotes and letters of all the world are part of a path.
        workspace = Files.createDirectories(root.resolve("it's a 工作区 $HOME"));
        temp = root.resolve("it's a 工作区@tmp");
        host = host(Map.of());
    }

    @AfterEach
    void end() throws Exception {
        host.kill(job);
        host.close();
    }

    private AgentJobHost host(Map<String, String> environment) {
        return new AgentJobHost(
                new AgentJobHost.Agent(
                        new FilePath(workspace.toFile()),
                        new FilePath(temp.toFile()),
                        new Launcher.LocalLauncher(TaskListener.NULL),
                        environment),
                news);
    }

    static StepOrder step(int index, String command) {
        return step(index, command, Map.of(), Retry.NONE);
    }

    static StepOrder step(int index, String command, Map<String, String> environment, Retry retry) {
        return new StepOrder(
                index, List.of("sh", "-c"), command, "", environment, null, retry, true, false, false, false);
    }

    /** A step that runs however it stands. */
    static StepOrder post(int index, String command) {
        return new StepOrder(
                index, List.of("sh", "-c"), command, "", Map.of(), null, Retry.NONE, true, true, true, false);
    }

    private Path folder() {
        return temp.resolve("mini-build-workflow").resolve(job);
    }

    private List<String> run(StepOrder... steps) throws IOException, InterruptedException {
        start(steps);
        return news.awaitEnd(job);
    }

    private void start(StepOrder... steps) throws IOException, InterruptedException {
        host.start(new JobOrder(job, List.of(steps), false, 0));
        host.follow(job, JobHost.Known.NOTHING);
    }

    private void awaitEvent(char kind) throws IOException, InterruptedException {
        JobFiles.Events events = new JobFiles(temp, job).events();
        for (int i = 0; i < 6000; i++) {
            for (JobFiles.Event each = events.next(); each != null; each = events.next()) {
                if (each.kind() == kind) {
                    return;
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no " + kind);
    }

    /** Numbers of the processes that carry the mark of the job's steps. */
    private List<Long> processes() throws IOException {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path each : all) {
                if (ProcessTreeKill.carriesMark(each, JobScript.MARK + "=" + job)
                        || ProcessTreeKill.carriesMark(each, JobScript.RUNNER + "=" + job)) {
                    found.add(Long.parseLong(each.getFileName().toString()));
                }
            }
        }
        return found;
    }

    @Test
    void stepsRunOneAfterTheOtherInTheWorkspace() throws Exception {
        assertThat(run(
                        step(0, "echo one; pwd; echo two >&2"),
                        step(1, "cat; echo $MINI_BUILD_STATUS; exit 3"),
                        step(2, "echo never"),
                        post(3, "echo \"$MINI_BUILD_STATUS\"")))
                .containsExactly(
                        "started 0",
                        "ended 0 0",
                        "started 1",
                        "ended 1 3",
                        "skipped 2",
                        "started 3",
                        "ended 3 0",
                        "over");
        assertThat(news.log(job, 0)).isEqualTo("one\n" + workspace + "\ntwo\n");
        assertThat(news.log(job, 1)).isEqualTo("succeeded\n");
        assertThat(news.log(job, 3)).isEqualTo("failed\n");
    }

    @Test
    void nothingOfAUserBecomesCode() throws Exception {
        Map<String, String> nasty = new LinkedHashMap<>();
        nasty.put("A", "'; touch hacked; echo '");
        nasty.put("B", "$(touch hacked)`touch hacked`\\");
        nasty.put("C", "two\nlines\n");
        nasty.put("D", "");
        nasty.put("E", "é中文 \"quoted\" $A ${B}");
        nasty.put("IFS_", ":");
        nasty.put("d", "short names are the user's own");
        StepOrder odd = new StepOrder(
                0,
                List.of("sh", "-c"),
                "printf '%s|' \"$A\" \"$B\" \"$C\" \"$D\" \"$E\" \"$d\"; echo 'it'\\''s $HOME' # '",
                "sub folder/$(touch hacked)'",
                nasty,
                null,
                Retry.NONE,
                true,
                false,
                false,
                false);
        assertThat(run(odd)).contains("ended 0 0", "over");
        assertThat(news.log(job, 0))
                .isEqualTo("'; touch hacked; echo '|$(touch hacked)`touch hacked`\\|two\nlines\n||"
                        + "é中文 \"quoted\" $A ${B}|short names are the user's own|it's $HOME\n");
        assertThat(workspace.resolve("sub folder/$(touch hacked)'")).isDirectory();
        try (var files = Files.walk(root)) {
            assertThat(files.filter(each -> each.endsWith("hacked"))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eval", "exit", ".", "_mb_over", "exec", "cd", "readonly", "trap"})
    void aShellThatIsAWordOfTheShellDoesNotReachTheRunner(String word) throws Exception {
        StepOrder odd = new StepOrder(
                0, List.of(word), "_mb_f=1", "", Map.of("A", "b"), null, Retry.NONE, true, true, true, true);
        assertThat(run(odd, step(1, "echo $MINI_BUILD_STATUS; pwd"))).contains("ended 1 0", "over");
        assertThat(news.log(job, 1)).isEqualTo("succeeded\n" + workspace + "\n");
    }

    @Test
    void aStatusThatIsGivenCounts() throws Exception {
        assertThat(run(step(0, "echo $MINI_BUILD_STATUS", Map.of("MINI_BUILD_STATUS", "failed"), Retry.NONE)))
                .contains("ended 0 0");
        assertThat(news.log(job, 0)).isEqualTo("failed\n");
    }

    @Test
    void variablesThatShellsUseReachTheStep() throws Exception {
        assertThat(run(step(
                        0,
                        "echo $PATH; echo $HOME $PS4 $ENV $CDPATH $LC_ALL $OLDPWD",
                        Map.of(
                                "PATH",
                                System.getenv("PATH") + ":/x",
                                "HOME",
                                "/h",
                                "PS4",
                                "p",
                                "ENV",
                                "/e",
                                "CDPATH",
                                "/c",
                                "LC_ALL",
                                "C",
                                "OLDPWD",
                                "/o"),
                        Retry.NONE)))
                .contains("ended 0 0");
        assertThat(news.log(job, 0)).startsWith(System.getenv("PATH") + ":/x\n/h p /e /c C ");
    }

    @Test
    void valuesAreSeenByTheirOwnStepOnlyAndStandInNoFile() throws Exception {
        String secret = "s3cret-" + UUID.randomUUID();
        assertThat(run(
                        step(
                                0,
                                "test \"$TOKEN\" = " + secret.substring(0, 3) + "* || printenv TOKEN | wc -c",
                                Map.of("TOKEN", secret),
                                Retry.NONE),
                        step(1, "printenv")))
                .endsWith("over");
        assertThat(news.log(job, 0).strip()).isEqualTo(String.valueOf(secret.length() + 1));
        assertThat(news.log(job, 1)).doesNotContain(secret).doesNotContain("MINI_BUILD_V_");
        try (var files = Files.walk(root)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(each, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
            }
        }
    }

    @Test
    void aStepIsTriedAgainAfterTheseExitCodesOnly() throws Exception {
        String counted =
                "n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n >n; echo try $n; echo v=$n >>\"$MINI_BUILD_OUTPUT\"; exit $((n + 4))";
        assertThat(run(step(0, counted, Map.of(), new Retry(5, 20, List.of(5, 6))), post(1, "true")))
                .containsExactly(
                        "started 0",
                        "ended 0 5 retry",
                        "started 0 again 2",
                        "ended 0 6 retry",
                        "started 0 again 3",
                        "ended 0 7",
                        "started 1",
                        "ended 1 0",
                        "over");
        assertThat(news.log(job, 0)).isEqualTo("try 1\ntry 2\ntry 3\n");
        assertThat(news.end(job, 0).outputs()).isEqualTo(Map.of("v", "3"));
    }

    @Test
    void outputsAreReadAndTheirProblemsTold() throws Exception {
        assertThat(run(
                        step(0, "printf 'a=1\\nb=x=y\\n\\na=2\\nbad name=3\\ne=' >>\"$MINI_BUILD_OUTPUT\""),
                        step(
                                1,
                                "i=0; while [ $i -lt 201 ]; do echo n$i=$i; i=$((i + 1)); done >>\"$MINI_BUILD_OUTPUT\""),
                        step(2, "head -c 70000 /dev/zero | tr '\\0' x >>\"$MINI_BUILD_OUTPUT\""),
                        step(3, "rm \"$MINI_BUILD_OUTPUT\"; mkfifo \"$MINI_BUILD_OUTPUT\""),
                        step(4, "rm \"$MINI_BUILD_OUTPUT\"; ln -s /etc/passwd \"$MINI_BUILD_OUTPUT\"")))
                .endsWith("over");
        assertThat(news.end(job, 0).outputs()).isEqualTo(Map.of("a", "2", "b", "x=y", "e", ""));
        assertThat(news.end(job, 0).problem()).startsWith("Line 5 of $MINI_BUILD_OUTPUT");
        assertThat(news.end(job, 1).outputs()).isEmpty();
        assertThat(news.end(job, 1).problem()).contains("more than 200 names");
        assertThat(news.end(job, 2).problem()).contains("more than 64 KiB");
        assertThat(news.end(job, 3).problem()).contains("cannot be read");
        assertThat(news.end(job, 4).problem()).contains("cannot be read");
        assertThat(news.end(job, 4).outputs()).isEmpty();
    }

    @Test
    void aFailureThatDoesNotCountLetsTheRestRun() throws Exception {
        StepOrder loose = new StepOrder(
                0, List.of("sh", "-c"), "exit 9", "", Map.of(), null, Retry.NONE, true, false, false, true);
        assertThat(run(loose, step(1, "echo $MINI_BUILD_STATUS"))).contains("ended 0 9", "ended 1 0");
        assertThat(news.log(job, 1)).isEqualTo("succeeded\n");
    }

    @Test
    void aShellThatIsNotThereFailsTheStepWithAReason() throws Exception {
        StepOrder odd = new StepOrder(
                0, List.of("no-such-shell", "-c"), "x", "", Map.of(), null, Retry.NONE, true, false, false, false);
        assertThat(run(odd)).contains("ended 0 127", "over");
        assertThat(news.log(job, 0)).contains("no-such-shell").contains("not found");
    }

    @Test
    void aJobThatIsStartedTwiceAtOnceRunsOnce() throws Exception {
        JobOrder order = new JobOrder(job, List.of(step(0, "echo ran >>ran; sleep 0.3")), false, 0);
        List<Thread> threads = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    host.start(order);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread each : threads) {
            each.join();
        }
        host.follow(job, JobHost.Known.NOTHING);
        assertThat(news.awaitEnd(job)).containsExactly("started 0", "ended 0 0", "over");
        host.start(order);
        assertThat(Files.readString(workspace.resolve("ran"))).isEqualTo("ran\n");
    }

    @Test
    void aFollowingGoesOnWhereAnotherOneEnded() throws Exception {
        start(step(0, "echo a; sleep 0.5; echo b"), step(1, "echo c; until [ -e go ]; do sleep 0.02; done; echo d"));
        news.awaitLog(job, 1, "c");
        host.close();
        host = host(Map.of());
        host.follow(job, news.known(job));
        Files.createFile(workspace.resolve("go"));
        assertThat(news.awaitEnd(job)).containsExactly("started 0", "ended 0 0", "started 1", "ended 1 0", "over");
        assertThat(news.log(job, 0)).isEqualTo("a\nb\n");
        assertThat(news.log(job, 1)).isEqualTo("c\nd\n");
    }

    @Test
    void anEndedJobIsToldWholeToWhoeverComesLater() throws Exception {
        host.start(new JobOrder(job, List.of(step(0, "echo a"), step(1, "exit 2")), false, 0));
        awaitEvent('X');
        host.follow(job, JobHost.Known.NOTHING);
        assertThat(news.awaitEnd(job)).containsExactly("started 0", "ended 0 0", "started 1", "ended 1 2", "over");
        host.forget(job);
        assertThat(folder()).doesNotExist();
        host.follow(job, news.known(job));
        assertThat(news.await(job, heard -> heard.size() == 6).get(5))
                .startsWith("lost: The files of the job are gone");
    }

    @Test
    void aStepIsEndedWithAllThatItStarted() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")));
        start(
                step(
                        0,
                        "trap '' TERM; setsid sh -c 'sleep 300 & sleep 301' & (trap '' TERM; setsid setsid sleep 302 &) ; env -i sleep 303 & (env -i setsid sh -c 'sleep 305 &' &) ; echo up; wait; sleep 304",
                        Map.of(),
                        new Retry(3, 0, List.of())),
                post(1, "echo $MINI_BUILD_STATUS"));
        news.awaitLog(job, 0, "up");
        host.endStep(job, 0);
        List<String> heard = news.awaitEnd(job);
        assertThat(heard.get(1)).matches("ended 0 (137|143)");
        assertThat(heard.subList(2, 5)).containsExactly("started 1", "ended 1 0", "over");
        assertThat(news.log(job, 1)).isEqualTo("failed\n");
        assertThat(processes()).isEmpty();
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info().commandLine().orElse("").matches(".*sleep 30[0-5]")))
                .isEmpty();
    }

    @Test
    void aCancelledJobRunsOnlyWhatRunsThenStill() throws Exception {
        start(step(0, "echo up; exec sleep 300"), step(1, "echo never"), post(2, "echo $MINI_BUILD_STATUS; sleep 0.2"));
        news.awaitLog(job, 0, "up");
        host.cancel(job);
        host.cancel(job);
        assertThat(news.awaitEnd(job))
                .containsExactly("started 0", "ended 0 143", "skipped 1", "started 2", "ended 2 0", "over");
        assertThat(news.log(job, 2)).isEqualTo("cancelled\n");
    }

    @Test
    void aCancelEndsTheWaitForTheNextAttempt() throws Exception {
        start(step(0, "exit 1", Map.of(), new Retry(1, 300_000, List.of())), post(1, "true"));
        news.await(job, heard -> heard.contains("ended 0 1 retry"));
        host.cancel(job);
        assertThat(news.awaitEnd(job))
                .containsExactly("started 0", "ended 0 1 retry", "ended 0 1", "started 1", "ended 1 0", "over");
    }

    @Test
    void aKilledJobIsLostAndNothingIsLeft() throws Exception {
        start(step(0, "sleep 300 & echo up; sleep 301"), post(1, "echo never"));
        news.awaitLog(job, 0, "up");
        host.kill(job);
        List<String> heard = news.awaitEnd(job);
        assertThat(heard.get(heard.size() - 1)).isEqualTo("lost: The process of the job was ended.");
        assertThat(heard).doesNotContain("started 1");
        assertThat(processes()).isEmpty();
    }

    @Test
    void aRunnerThatIsKilledIsNoticedAndItsStepEnded() throws Exception {
        start(step(0, "echo up; sleep 300"));
        news.awaitLog(job, 0, "up");
        ProcessHandle.of(new JobFiles(temp, job).pid()).orElseThrow().destroyForcibly();
        assertThat(news.awaitEnd(job).get(1)).startsWith("lost: The process of the job ended without a word");
        assertThat(processes()).isEmpty();
    }

    @Test
    void backgroundProcessesLiveUntilTheJobEndsAndTheirLogIsKept() throws Exception {
        start(
                step(0, "(sleep 0.3; echo later; sleep 300) & echo first"),
                step(1, "sleep 0.6; echo second; until [ -e go ]; do sleep 0.02; done"));
        news.awaitLog(job, 1, "second");
        assertThat(processes()).hasSizeGreaterThan(2);
        Files.createFile(workspace.resolve("go"));
        assertThat(news.awaitEnd(job)).endsWith("over");
        assertThat(news.log(job, 0)).isEqualTo("first\nlater\n");
        // The runner itself may be about to exit.
        for (int i = 0; i < 500 && !processes().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(processes()).isEmpty();
    }

    @Test
    void aProcessWithoutAMarkAndAParentEndsWithTheJobToo() throws Exception {
        int seconds = 1_000_000 + new Random().nextInt(1_000_000);
        assertThat(run(step(0, "(env -i setsid sh -c 'sleep " + seconds + " &' &)")))
                .endsWith("ended 0 0", "over");
        for (int i = 0; i < 1000 && sleepers(seconds) > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(sleepers(seconds)).isZero();
    }

    @Test
    void aJobEndsAfterItsTimeThoughNobodyComesBack() throws Exception {
        host.start(new JobOrder(
                job,
                List.of(
                        step(0, "trap '' TERM; sleep 300; sleep 301"),
                        post(1, "echo $MINI_BUILD_STATUS; sleep 4; echo whole")),
                false,
                900));
        awaitEvent('X');
        host.follow(job, JobHost.Known.NOTHING);
        assertThat(news.awaitEnd(job)).containsExactly("started 0", "ended 0 137", "started 1", "ended 1 0", "over");
        assertThat(news.log(job, 1)).isEqualTo("cancelled\nwhole\n");
        for (int i = 0; i < 500 && !processes().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(processes()).isEmpty();
    }

    @Test
    void theWatchOfTheTimeLeavesNothing() throws Exception {
        // By this number its sleep is known among those of others.
        int seconds = 1_000_000 + new Random().nextInt(1_000_000);
        for (int i = 0; i < 20; i++) {
            host.start(new JobOrder(job + "-" + i, List.of(step(0, "true")), false, seconds * 1000L));
            host.follow(job + "-" + i, JobHost.Known.NOTHING);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(news.awaitEnd(job + "-" + i)).endsWith("over");
        }
        for (int i = 0; i < 500 && sleepers(seconds) > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(sleepers(seconds)).isZero();
    }

    private static long sleepers(int seconds) {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").endsWith("sleep " + seconds))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash --posix", "busybox ash", "bash", "ksh"})
    void allShellsRunTheScript(String shell) throws Exception {
        String[] words = shell.split(" ");
        assumeTrue(
                List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(each -> Files.isExecutable(Path.of(each, words[0]))),
                "skipped: there is no " + words[0]);
        JobOrder order = new JobOrder(
                job,
                List.of(
                        step(0, "echo \"$V\"", Map.of("V", "it's\ntwo"), Retry.NONE),
                        step(1, "echo x; exit 4", Map.of(), new Retry(1, 10, List.of(4))),
                        step(2, "true"),
                        post(3, "kill -TERM $$")),
                false,
                600_000);
        JobScript script = JobScript.of(
                order, new JobScript.Place(workspace.toString(), folder().toString(), false), name -> null);
        Files.createDirectories(folder().resolve("io"));
        Path file = Files.writeString(root.resolve("job.sh"), script.text());
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of(file.toString(), folder().toString(), job));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(script.values());
        builder.environment().put(JobScript.RUNNER, job);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        host.follow(job, JobHost.Known.NOTHING);
        assertThat(news.awaitEnd(job))
                .containsExactly(
                        "started 0",
                        "ended 0 0",
                        "started 1",
                        "ended 1 4 retry",
                        "started 1 again 2",
                        "ended 1 4",
                        "skipped 2",
                        "started 3",
                        "ended 3 143",
                        "over");
        assertThat(news.log(job, 0)).isEqualTo("it's\ntwo\n");
        assertThat(printed.replaceAll("(?m)^.*Terminated.*\n", "")).isEmpty();
        Process second = builder.start();
        assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(second.waitFor()).isZero();
        assertThat(Files.readAllLines(folder().resolve("events"))).hasSize(10);
    }

    @Test
    void tornEventsAreWaitedForAndStrangeLinesAreNone() throws Exception {
        Files.createDirectories(folder().resolve("io"));
        Path file = folder().resolve("events");
        JobFiles.Events events = new JobFiles(temp, job).events();
        assertThat(events.next()).isNull();
        add(file, "1 S 0 1 0 -\n2 E 0 1 ");
        assertThat(events.next().kind()).isEqualTo('S');
        assertThat(events.next()).isNull();
        add(file, "0 1 ");
        assertThat(events.next()).isNull();
        add(file, "5.25\n");
        assertThat(events.next().values()).containsExactly(0, 1, 0, 1);
        for (String strange : List.of(
                "3 S 0 -",
                "3 Q -",
                "4 X -",
                "3 X",
                "3 X 1 -",
                "3 E 0 1 99999999999 1 -",
                "3 S -1 1 0 -",
                "",
                "3 X 1e9",
                "3 X 1.2 ",
                "3 K " + "0".repeat(300) + " -",
                "\0".repeat(5000),
                "x".repeat(200_000) + "3 X -")) {
            add(file, strange + "\n");
            assertThat(events.next()).as(strange).isNull();
        }
        // After a full disk.
        add(file, "3 K 7\n3 K 7 -\n");
        assertThat(events.next().step()).isEqualTo(7);
        Files.delete(file);
        add(file, "");
        assertThat(events.next()).isNull();
    }

    private static void add(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void noFileOfAJobIsWaitedFor() throws Exception {
        start(step(
                0,
                "cd '" + folder().toString().replace("'", "'\\''") + "' && echo up && mv events e && mkfifo events"
                        + " io/log.1 io/out.0 && sleep 1; rm events; mv e events"));
        assertThat(news.awaitEnd(job)).containsExactly("started 0", "ended 0 0", "over");
        assertThat(news.end(job, 0).problem()).contains("cannot be read");
    }

    @Test
    void namesAndValuesThatNoShellTakesAreRefused() {
        for (String bad :
                List.of("A-B", "1A", "", "MINI_BUILD_OUTPUT", "MINI_BUILD_V_1", "_mb_d", "UID", "A=B", "a b")) {
            assertThatThrownBy(() -> start(step(0, "true", Map.of(bad, "x"), Retry.NONE)))
                    .hasMessageContaining("'" + bad + "'");
        }
        assertThatThrownBy(() -> start(step(0, "true", Map.of("A", "a\0b"), Retry.NONE)))
                .hasMessageContaining("zero character");
        assertThatThrownBy(() -> start(step(0, "true", Map.of("A", "a".repeat(140_000)), Retry.NONE)))
                .hasMessageContaining("131,000 bytes");
        assertThatThrownBy(() -> start(step(0, "# " + "a".repeat(140_000)))).hasMessageContaining("131,000 bytes");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            many.put("A" + i, i + "a".repeat(100_000));
        }
        assertThatThrownBy(() -> start(step(0, "true", many, Retry.NONE))).hasMessageContaining("together");
        assertThatThrownBy(() -> host.start(new JobOrder("../x", List.of(step(0, "true")), false, 0)))
                .hasMessageContaining("'../x'");
        assertThat(folder()).doesNotExist();
    }

    @Test
    void largeValuesArrive() throws Exception {
        Map<String, String> large = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            large.put("A" + i, i + "a".repeat(120_000));
        }
        assertThat(run(step(0, "echo ${#A0} ${#A9}", large, Retry.NONE))).contains("ended 0 0");
        assertThat(news.log(job, 0)).isEqualTo("120001 120001\n");
    }

    @Test
    void theEnvironmentOfTheHostIsThatOfAllSteps() throws Exception {
        host.close();
        host = host(Map.of("HOST_WIDE", "yes", "HOME", ""));
        assertThat(run(step(0, "echo $HOST_WIDE ${HOME-none}"))).contains("ended 0 0");
        assertThat(news.log(job, 0)).isEqualTo("yes none\n");
    }

    @Test
    @Tag("slow")
    void cancelledAtAnyMomentAJobEndsAndLeavesNothing() throws Exception {
        Random random = new Random(20261129);
        for (int i = 0; i < 40; i++) {
            String each = job + "-" + i;
            host.start(new JobOrder(
                    each,
                    List.of(
                            step(0, "sleep 0.01 & true"),
                            step(1, "exit 1", Map.of(), new Retry(2, 5, List.of())),
                            post(2, "sleep 0.02"),
                            post(3, "echo $MINI_BUILD_STATUS")),
                    false,
                    60_000));
            host.follow(each, JobHost.Known.NOTHING);
            Thread.sleep(random.nextInt(80));
            host.cancel(each);
            List<String> heard = news.awaitEnd(each);
            assertThat(heard).endsWith("over").contains("started 3");
            assertThat(news.log(each, 3)).isIn("cancelled\n", "failed\n", "");
        }
    }

    @Test
    @Tag("slow")
    void twoHundredJobsAtOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            host.start(new JobOrder(
                    job + "-" + i, List.of(step(0, "echo " + i), step(1, "sleep 1; echo b")), false, 600_000));
            host.follow(job + "-" + i, JobHost.Known.NOTHING);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(news.awaitEnd(job + "-" + i))
                    .containsExactly("started 0", "ended 0 0", "started 1", "ended 1 0", "over");
            assertThat(news.log(job + "-" + i, 0)).isEqualTo(i + "\n");
        }
    }

    @Test
    void muchLogArrivesWhole() throws Exception {
        assertThat(run(step(0, "seq 1 2000000"))).contains("ended 0 0");
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 2_000_000; i++) {
            expected.append(i).append('\n');
        }
        assertThat(news.log(job, 0).contentEquals(expected)).isTrue();
    }

    @Test
    void aFullDiskIsWaitedFor() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root mounts a small disk");
        Files.createDirectories(temp);
        assumeTrue(mount("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", temp.toString()), "skipped: no tmpfs");
        try {
            // The next event tears at the end of a page of the disk, which the step's log has filled.
            start(
                    step(
                            0,
                            "e='" + folder().toString().replace("'", "'\\''") + "/events'; n=$(wc -c <\"$e\");"
                                    + " head -c $((4086 - n)) /dev/zero | tr '\\0' '\\n' >>\"$e\"; head -c 300000 /dev/zero"),
                    post(1, "echo more"));
            news.await(job, heard -> heard.contains("started 0"));
            for (int i = 0; i < 6000 && Files.size(folder().resolve("events")) < 4096; i++) {
                Thread.sleep(10);
            }
            Thread.sleep(1500);
            assertThat(Files.size(folder().resolve("events"))).isEqualTo(4096);
            assertThat(news.lines(job)).containsExactly("started 0");
            Files.write(folder().resolve("io/log.0"), new byte[0]);
            assertThat(news.awaitEnd(job)).containsExactly("started 0", "ended 0 1", "started 1", "ended 1 0", "over");
            assertThat(news.log(job, 1)).isEqualTo("more\n");
            host.forget(job);
        } finally {
            host.close();
            assertThat(mount("umount", "-l", temp.toString())).isTrue();
        }
    }

    private static boolean mount(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
