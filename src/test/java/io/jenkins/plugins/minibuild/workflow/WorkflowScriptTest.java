package io.jenkins.plugins.minibuild.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.run.Entry;
import io.jenkins.plugins.minibuild.workflow.run.JobState;
import io.jenkins.plugins.minibuild.workflow.run.Journal;
import io.jenkins.plugins.minibuild.workflow.run.RunState;
import io.jenkins.plugins.minibuild.workflow.run.State;
import io.jenkins.plugins.minibuild.workflow.run.StepState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the workflow's page that needs no page, run by node. */
class WorkflowScriptTest {
    private static final Path MODEL =
            Path.of("src/main/resources/io/jenkins/plugins/minibuild/workflow/WorkflowRunsAction/model.js");

    private static final String OBJECTS = "const object = map => Object.fromEntries([...map].sort());"
            + "const told = f => ({state: f.state, started: f.started, ended: f.ended, text: f.text, seq: f.seq, stop: f.stop,"
            + " jobs: f.jobs.map(j => ({id: j.id, state: j.state, attempt: j.attempt, ready: j.ready, started: j.started,"
            + " ended: j.ended, agent: j.agent, workspace: j.workspace, text: j.text, outputs: object(j.outputs), part: j.part,"
            + " stop: j.stop, steps: j.steps.map(s => ({state: s.state, attempt: s.attempt, started: s.started, ended: s.ended,"
            + " exitCode: s.exitCode, text: s.text, outputs: object(s.outputs)}))}))});";

    @TempDir
    Path dir;

    /** What a script prints as JSON; it has {@code model} and {@code given}. */
    private JsonNode node(String script, Object given) throws Exception {
        Path input = Files.write(dir.resolve("given.json"), Json.bytes(given));
        Path output = dir.resolve("told.json");
        String code = "const fs = require('fs'); const model = require(process.argv[1]);"
                + " const given = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));" + script;
        Process process = new ProcessBuilder(
                        "node", "-e", code, MODEL.toAbsolutePath().toString(), input.toString())
                .redirectOutput(output.toFile())
                .redirectError(dir.resolve("errors").toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(dir.resolve("errors")))
                .isZero();
        return Json.parse(Files.readAllBytes(output));
    }

    @Test
    void thePageSumsUpAJournalAsTheControllerDoes() throws Exception {
        List<Object> cases = new ArrayList<>();
        List<JsonNode> expected = new ArrayList<>();
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Plan plan = graph(random, 1 + random.nextInt(8));
            Path file = dir.resolve("journal-" + seed);
            try (Journal journal = Journal.open(file)) {
                for (int i = 0; i < 60; i++) {
                    journal.add(entry(random, plan), 1_700_000_000_000L + i * 7L);
                }
            }
            List<Entry> entries = Journal.read(file, 0);
            RunState state = new RunState(plan);
            entries.forEach(state::apply);
            expected.add(told(state));
            cases.add(Map.of("plan", PlanJson.of(plan), "entries", entries));
        }
        JsonNode answers = node(
                OBJECTS
                        + "console.log(JSON.stringify(given.map(each => { const fold = new model.Fold(each.plan);"
                        + " each.entries.forEach(entry => fold.apply(entry)); return told(fold); })))",
                cases);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(answers.get(i)).as("journal " + i).isEqualTo(expected.get(i));
        }
        assertThat(answers.toString()).contains("SUCCEEDED", "\"__proto__\"", "\"attempt\":3");
    }

    private static Plan graph(Random random, int size) {
        List<PlannedJob> jobs = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            LinkedHashSet<String> needs = new LinkedHashSet<>();
            for (int k = random.nextInt(4); k > 0 && i > 0; k--) {
                needs.add("job" + random.nextInt(i));
            }
            String[] steps = new String[random.nextInt(4)];
            java.util.Arrays.fill(steps, "step");
            jobs.add(SyntheticRun.job("job" + i, -1, List.copyOf(needs), steps));
        }
        if (random.nextBoolean()) {
            jobs.add(SyntheticRun.job("post", -1, List.of(), "clean"));
        }
        return SyntheticRun.plan("graph", List.of(), jobs);
    }

    /** Any entry, also such as no engine would write. */
    private static Entry entry(Random random, Plan plan) {
        Entry.Kind kind = random.nextInt(3) == 0
                ? Entry.Kind.values()[random.nextInt(Entry.Kind.values().length)]
                : random.nextBoolean() ? Entry.Kind.STEP : Entry.Kind.JOB;
        String job = kind == Entry.Kind.RUN || random.nextInt(12) == 0
                ? ""
                : random.nextInt(20) == 0
                        ? "unknown"
                        : plan.jobs().get(random.nextInt(plan.jobs().size())).id();
        State[] states = State.values();
        // Mostly open ones, so that not all is over at once.
        State state = random.nextInt(4) == 0 ? states[random.nextInt(states.length)] : State.RUNNING;
        if (random.nextInt(8) == 0 || kind == Entry.Kind.STOP) {
            state = null;
        }
        Map<String, String> data = new LinkedHashMap<>();
        if (random.nextInt(3) == 0) {
            data.put(
                    List.of("a", "__proto__", "constructor", "level", "workspace", "id")
                            .get(random.nextInt(6)),
                    "v" + random.nextInt(9));
        }
        if (kind == Entry.Kind.LAUNCH) {
            data.put("first", String.valueOf(random.nextInt(3)));
        }
        return new Entry(
                0,
                0,
                kind,
                job,
                random.nextInt(6) - 1,
                state,
                random.nextInt(4),
                random.nextInt(3) == 0 ? random.nextInt(200) : null,
                random.nextInt(3) == 0 ? "text " + random.nextInt(99) : "",
                random.nextBoolean() ? "somebody" : "",
                random.nextBoolean() ? null : random.nextBoolean() ? "" : "agent",
                random.nextInt(3),
                data);
    }

    private static JsonNode told(RunState run) throws IOException {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("state", run.getState().name())
                .put("started", run.getStarted())
                .put("ended", run.getEnded())
                .put("text", run.getText())
                .put("seq", run.getSeq());
        json.set("stop", Json.MAPPER.valueToTree(run.getStop()));
        ArrayNode jobs = json.putArray("jobs");
        for (JobState job : run.getJobs()) {
            ObjectNode one = jobs.addObject()
                    .put("id", job.getId())
                    .put("state", job.getState().name())
                    .put("attempt", job.getAttempt())
                    .put("ready", job.getReady())
                    .put("started", job.getStarted())
                    .put("ended", job.getEnded())
                    .put("agent", job.getAgent())
                    .put("workspace", job.getWorkspace())
                    .put("text", job.getText());
            one.set("outputs", Json.MAPPER.valueToTree(job.getOutputs()));
            one.set("part", Json.MAPPER.valueToTree(job.getPart()));
            one.set("stop", Json.MAPPER.valueToTree(job.getStop()));
            ArrayNode steps = one.putArray("steps");
            for (StepState step : job.getSteps()) {
                steps.add(Json.MAPPER.<JsonNode>valueToTree(step));
            }
        }
        return Json.parse(Json.bytes(json));
    }

    @Test
    void jobsStandRightOfWhatTheyNeedAndNoneHidesAnother() throws Exception {
        List<Object> plans = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            plans.add(PlanJson.of(graph(random, 1 + random.nextInt(seed % 10 == 0 ? 300 : 40))));
        }
        JsonNode problems = node(
                "const problems = []; given.forEach((plan, p) => { const at = model.layout(plan); const needs = model.needsOf(plan);"
                        + " const N = model.NODE; at.nodes.forEach((a, i) => {"
                        + " needs[i].forEach(n => { if (at.nodes[n].x + N.width >= a.x) problems.push([p, i, n, 'left']); });"
                        + " if (a.x < 0 || a.y < 0 || a.x + N.width > at.width || a.y + N.height > at.height) problems.push([p, i, 'out']);"
                        + " at.nodes.forEach((b, k) => { if (k > i && Math.abs(a.x - b.x) < N.width && Math.abs(a.y - b.y) < N.height)"
                        + " problems.push([p, i, k, 'over']); }); });"
                        + " if (at.nodes.length !== plan.jobs.length) problems.push([p, 'count']);"
                        // Who needs something, directly or not, is still joined with it by lines.
                        + " const joined = new Set(at.edges.flatMap(e => e.to.map(t => t)));"
                        + " needs.forEach((own, i) => { if (own.length > 0 && !joined.has(i)) problems.push([p, i, 'alone']); });"
                        + " }); console.log(JSON.stringify(problems))",
                plans);
        assertThat(problems).isEmpty();
    }

    @Test
    void manyThatNeedManyAreJoinedInOnePoint() throws Exception {
        assertThat(twoStages(10)).isEqualTo("[20,0,[\"build\",\"test\"]]");
        // Of more there are several columns, in a frame; from frame to frame there is one line.
        assertThat(twoStages(100)).isEqualTo("[1,2,[\"build\",\"test\"]]");
    }

    private String twoStages(int size) throws Exception {
        List<PlannedJob> jobs = new ArrayList<>();
        List<String> first = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            first.add("a" + i);
            jobs.add(SyntheticRun.job("a" + i, 0, List.of(), "s"));
        }
        for (int i = 0; i < size; i++) {
            jobs.add(SyntheticRun.job("b" + i, 1, first, "s"));
        }
        return node(
                        "const at = model.layout(given);"
                                + " console.log(JSON.stringify([at.edges.length, at.frames.length, at.headers.map(h => h.name)]))",
                        PlanJson.of(SyntheticRun.plan("stages", List.of("build", "test"), jobs)))
                .toString();
    }

    @Test
    void theCriticalPathIsWhatTheEndWaitedFor() throws Exception {
        Plan plan = SyntheticRun.plan(
                "p",
                List.of(),
                List.of(
                        SyntheticRun.job("quick", -1, List.of(), "s"),
                        SyntheticRun.job("slow", -1, List.of(), "s"),
                        SyntheticRun.job("both", -1, List.of("quick", "slow"), "s"),
                        SyntheticRun.job("side", -1, List.of("quick"), "s"),
                        SyntheticRun.job("post", -1, List.of(), "s")));
        try (SyntheticRun run = SyntheticRun.create(dir.resolve("mini-build"), plan, 1000)) {
            run.run(State.RUNNING, "").start("quick", "a").start("slow", "b");
            run.after(10).end("quick", State.SUCCEEDED, "").start("side", "a");
            run.after(10).end("slow", State.SUCCEEDED, "").start("both", "b");
            run.after(5).end("side", State.SUCCEEDED, "");
            String script = "const fold = new model.Fold(given.plan); given.entries.forEach(e => fold.apply(e));"
                    + " console.log(JSON.stringify(model.criticalPath(given.plan, fold).map(i => given.plan.jobs[i].id)))";
            Path journal = run.folder().journal();
            assertThat(node(script, Map.of("plan", PlanJson.of(plan), "entries", List.of()))
                            .toString())
                    .isEqualTo("[\"quick\",\"both\"]");
            assertThat(node(script, Map.of("plan", PlanJson.of(plan), "entries", Journal.read(journal, 0)))
                            .toString())
                    .isEqualTo("[\"slow\",\"both\"]");
            run.after(50).end("both", State.SUCCEEDED, "").start("post", "a");
            run.after(5).end("post", State.SUCCEEDED, "").run(State.SUCCEEDED, "");
            assertThat(node(script, Map.of("plan", PlanJson.of(plan), "entries", Journal.read(journal, 0)))
                            .toString())
                    .isEqualTo("[\"slow\",\"both\",\"post\"]");
        }
    }

    @Test
    void coloursOfATerminalBecomeStylesAndNothingElseIsObeyed() throws Exception {
        List<String> lines = List.of(
                "plain <b>text</b>",
                "\u001b[1;31mred\u001b[0m and \u001b[38;5;196mindexed\u001b[39m \u001b[48;2;1;2;999mtrue\u001b[m",
                "\u001b]8;;javascript:alert(1)\u0007link\u001b]8;;\u0007",
                "\u001b]0;title\u001b\\\u001b[2J\u001b[10;10Hhome",
                "10%\r20%\r100%\r",
                "bell \u0007 nul \u0000 bidi \u202e end",
                "cut off \u001b[3",
                "\u001b[31;xmodd");
        JsonNode told = node(
                "console.log(JSON.stringify(given.map(line => model.ansi(line).map(p => [p.text, p.style.fg, p.style.bg, p.style.bold]))))",
                lines);
        assertThat(told.get(0).toString()).isEqualTo("[[\"plain <b>text</b>\",null,null,false]]");
        assertThat(told.get(1).toString())
                .isEqualTo("[[\"red\",1,null,true],[\" and \",null,null,false],[\"indexed\",[255,0,0],null,false],"
                        + "[\" \",null,null,false],[\"true\",null,[1,2,255],false]]");
        assertThat(told.get(2).toString()).isEqualTo("[[\"link\",null,null,false]]");
        assertThat(told.get(3).toString()).isEqualTo("[[\"home\",null,null,false]]");
        assertThat(told.get(4).toString()).isEqualTo("[[\"100%\",null,null,false]]");
        assertThat(told.get(5).get(0).get(0).asText()).isEqualTo("bell \u2407 nul \u2400 bidi \ufffd end");
        assertThat(told.get(6).get(0).get(0).asText()).startsWith("cut off ").doesNotContain("\u001b");
        assertThat(told.get(7).toString()).doesNotContain("\\u001b");
    }
}
