package io.jenkins.plugins.minibuild.claude;

import hudson.FilePath;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Makes the streams that {@link RecordedStreamsTest} plays: runs the real command of any version against the stand-in of the model's service, with the
 * arguments and the environment that the plugin gives it, and keeps what it writes. By hand, for a new version of the command:
 *
 * <pre>
 * npm install --prefix FOLDER @anthropic-ai/claude-code@VERSION
 * java -cp TEST_CLASSPATH io.jenkins.plugins.minibuild.claude.StreamRecorder FOLDER VERSION
 * </pre>
 *
 * Paths of the machine are replaced by {@code /work} afterwards.
 */
public final class StreamRecorder {
    static final Path STREAMS = Path.of("src/test/resources/io/jenkins/plugins/minibuild/claude/streams");

    private static final Caps CAPS = Caps.of(20, 2, 5, 20);
    private static final List<String> TOOLS = List.of("Read", "Edit", "Write", "Bash", "Task", "Agent");

    private final Path program;
    private final Path out;

    private StreamRecorder(Path program, Path out) {
        this.program = program;
        this.out = out;
    }

    /** Records every scenario with one version. */
    public static void main(String[] args) throws Exception {
        Path program = Path.of(args[0], "node_modules/@anthropic-ai/claude-code-linux-x64/claude")
                .toAbsolutePath();
        Path out = Files.createDirectories(STREAMS.resolve(args[1]));
        StreamRecorder recorder = new StreamRecorder(program, out);
        recorder.subagents();
        recorder.background("background", "");
        recorder.background("background-on", "unset CLAUDE_CODE_DISABLE_BACKGROUND_TASKS\n");
        recorder.resumed();
        recorder.interrupted();
    }

    private ClaudeFixture fixture(String name, String before) throws IOException {
        Path root = Files.createTempDirectory("record");
        ClaudeFixture fixture = new ClaudeFixture(root);
        fixture.pretend(before + "file='" + root.resolve(name) + "'\n[ -e \"$file\" ] && file=$file-2\n'" + program
                + "' \"$@\" | tee \"$file\"");
        return fixture;
    }

    private void keep(ClaudeFixture fixture, String name) throws IOException {
        keep(fixture, name, name);
        System.out.println(name + "\n" + fixture.build.log());
        fixture.close();
    }

    private void keep(ClaudeFixture fixture, String name, String as) throws IOException {
        Path root = fixture.build.root().getParent();
        String text = Files.readString(root.resolve(name))
                .replaceAll(root + "[^\"\\s:]*?workspace@tmp/[^\"\\s:/]*", "/data/home")
                .replace(fixture.workspace.toString(), "/data/shop")
                .replace(root.toString(), "/work")
                .replaceAll("-tmp-record[0-9]+-build-workspace", "-data-shop");
        Files.writeString(out.resolve(as + ".jsonl"), text);
    }

    /** Three subagents at the same time; each answers twice. */
    private void subagents() throws Exception {
        ClaudeFixture fixture = fixture("subagents", "");
        fixture.model.always(answer -> {
            String asked = answer.request().body().path("messages").toString();
            Turn turn;
            if (asked.contains("Do what the script says.")) {
                turn = asked.contains("tool_result")
                        ? Turn.reply().text("All three are done.").usage(3000, 30)
                        : Turn.reply()
                                .tool(agent(answer.request().tools()), task("ALPHA"))
                                .tool(agent(answer.request().tools()), task("BETA"))
                                .tool(agent(answer.request().tools()), task("GAMMA"))
                                .usage(2000, 200);
            } else {
                turn = asked.contains("tool_result")
                        ? Turn.reply().text("That part is done.").usage(20_000, 1000)
                        : Turn.reply()
                                .text("I look.")
                                .tool(
                                        "Read",
                                        Map.of(
                                                "file_path",
                                                fixture.workspace
                                                        .resolve("src/app.js")
                                                        .toString()))
                                .usage(10_000, 500);
            }
            turn.answer(answer);
        });
        fixture.run(fixture.request(TOOLS, CAPS, false, false, 0), "pretended");
        keep(fixture, "subagents");
    }

    private static String agent(List<String> offered) {
        return offered.contains("Agent") ? "Agent" : "Task";
    }

    private static Map<String, ?> task(String name) {
        return Map.of("description", "part " + name, "prompt", "Do part " + name, "subagent_type", "general-purpose");
    }

    /** A command that outlives the run. */
    private void background(String name, String before) throws Exception {
        ClaudeFixture fixture = fixture(name, before);
        fixture.model
                .script(
                        Turn.tool(
                                "Bash",
                                Map.of(
                                        "command",
                                        "sleep 2; echo done > late.txt",
                                        "run_in_background",
                                        true,
                                        "description",
                                        "x")),
                        Turn.text("Waiting."))
                .always(Turn.text("It is over."));
        fixture.run(fixture.request(TOOLS, CAPS, false, false, 0), "pretended");
        keep(fixture, name);
    }

    /** A second run that goes on with the session of the first. */
    private void resumed() throws Exception {
        ClaudeFixture fixture = fixture("resumed", "");
        FilePath home = new FilePath(fixture.build.root().resolve("home").toFile());
        home.mkdirs();
        fixture.model.script(
                Turn.reply().text("First.").usage(100_000, 1000),
                Turn.reply().tool("Bash", Map.of("command", "echo more")).usage(1000, 100),
                Turn.reply().text("Second.").usage(1000, 100));
        ClaudeRequest request = fixture.request(TOOLS, CAPS, false, false, 0);
        ClaudeRequest less = fixture.request(TOOLS, Caps.of(20, 2, 0.2, 20), false, false, 0);
        ClaudeCli cli = ClaudeCli.find(fixture.build, "pretended", Isolation.none());
        ClaudeResult first =
                ClaudeRun.of(fixture.build, cli, request).session(home, null).run();
        ClaudeRun.of(fixture.build, cli, less).session(home, first.session()).run();
        keep(fixture, "resumed-2", "resumed");
        keep(fixture, "resumed", "begun");
        System.out.println(fixture.build.log());
        fixture.close();
    }

    /** Ended by the cap on time while the model answers. */
    private void interrupted() throws Exception {
        ClaudeFixture fixture = fixture("interrupted", "");
        fixture.model
                .script(Turn.reply()
                        .tool("Bash", Map.of("command", "echo half"))
                        .usage(10_000, 100))
                .always(Turn.silent());
        fixture.run(
                fixture.request(TOOLS, new Caps(20, Duration.ofSeconds(12), 5, 1 << 20), false, false, 0), "pretended");
        keep(fixture, "interrupted");
    }
}
