package io.jenkins.plugins.minibuild.bench;

import io.jenkins.plugins.minibuild.controller.Browser;
import io.jenkins.plugins.minibuild.controller.RealController;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How long after an agent's claude wrote an event it is drawn on the page of the run, and how the page is with very many events: on a real
 * controller, with an agent in a JVM of its own, in Chromium. The command is played by a shell script that writes the time into its events.
 */
public final class ClaudePageBenchmark {
    private static final double MOST_DELAY_MS = 100;
    private static final double MOST_ANSWER_MS = 100;

    private static final String SCRIPT = """
            #!/bin/sh
            [ "$1" = --version ] && { echo '2.1.197 (Claude Code)'; exit; }
            cat > /dev/null
            mkdir "$0.ran" || exit 1
            while [ ! -e "$0.go" ]; do sleep 0.1; done
            echo '{"type":"system","subtype":"init","session_id":"s","model":"bench","tools":[]}'
            %s
            echo '{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"all told","session_id":"s"}'
            """;

    private static final String NOW_AND_THEN = """
            i=0
            while [ $i -lt %d ]; do
              i=$((i+1))
              echo '{"type":"assistant","message":{"id":"m","role":"assistant","content":[{"type":"text","text":"at '$(date +%%s%%3N)'."}]}}'
              sleep 0.1
            done
            """;

    /** Text, an edit, a command and what it said, in turn. */
    private static final String VERY_MANY = """
            awk 'BEGIN { for (i = 1; i <= %d; i++) { k = i %% 4
              if (k == 0) c = "{\\"type\\":\\"text\\",\\"text\\":\\"Event number " i ": I look at the next file and change what it needs.\\"}"
              if (k == 1) c = "{\\"type\\":\\"tool_use\\",\\"id\\":\\"e" i "\\",\\"name\\":\\"Edit\\",\\"input\\":{\\"file_path\\":\\"src/f" (i %% 300) ".js\\",\\"old_string\\":\\"const a = " i ";\\",\\"new_string\\":\\"const a = " i ";\\\\nconst b = 2;\\"}}"
              if (k == 2) c = "{\\"type\\":\\"tool_use\\",\\"id\\":\\"b" i "\\",\\"name\\":\\"Bash\\",\\"input\\":{\\"command\\":\\"npm test -- " i "\\"}}"
              if (k == 3) { s = ""; for (n = 0; n < 20; n++) s = s "line " n " of the output of a command\\\\n"
                print "{\\"type\\":\\"user\\",\\"message\\":{\\"role\\":\\"user\\",\\"content\\":[{\\"type\\":\\"tool_result\\",\\"tool_use_id\\":\\"b" (i - 1) "\\",\\"content\\":\\"" s "\\"}]}}"
              } else print "{\\"type\\":\\"assistant\\",\\"message\\":{\\"id\\":\\"m\\",\\"role\\":\\"assistant\\",\\"content\\":[" c "]}}" } }'
            """;

    private final RealController controller;
    private final Browser browser;
    private final Path root;

    private ClaudePageBenchmark(RealController controller, Browser browser, Path root) {
        this.controller = controller;
        this.browser = browser;
        this.root = root;
    }

    /** Arguments: events that are timed (200) and events of the large page (50000). Exits with 1 when a bound does not hold. */
    public static void main(String[] arguments) throws Exception {
        int timed = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int many = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
        if (!LimitsBenchmark.isControllerThere("the page of a run")) {
            return;
        }
        if (!Browser.isInstalled()) {
            System.out.println("the page of a run: skipped, no Chromium");
            return;
        }
        Path root = Files.createTempDirectory("claude-page-benchmark");
        boolean good;
        try (RealController controller = RealController.start(root.resolve("controller"))) {
            controller.startAgent();
            try (Browser browser = Browser.open(controller, root, "en")) {
                ClaudePageBenchmark benchmark = new ClaudePageBenchmark(controller, browser, root);
                good = benchmark.delay(timed) & benchmark.large(many);
            }
        } finally {
            new hudson.FilePath(root.toFile()).deleteRecursive();
        }
        System.exit(good ? 0 : 1);
    }

    /** Starts a build whose command writes as the script says, as soon as {@link #go} is called. */
    private void begin(String job, String events) throws IOException, InterruptedException {
        Path command = Files.createDirectories(root.resolve(job)).resolve("claude");
        Files.writeString(command, SCRIPT.formatted(events));
        if (!command.toFile().setExecutable(true)) {
            throw new IOException(command + " cannot be made executable");
        }
        String answer = controller.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import hudson.util.Secret
                import io.jenkins.plugins.minibuild.claude.*
                import jenkins.model.Jenkins
                import org.jenkinsci.plugins.plaincredentials.impl.*
                SystemCredentialsProvider.instance.store.addCredentials(Domain.global(),
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, 'key-%1$s', '', Secret.fromString('sk-of-no-use-1')))
                Jenkins.get().getDescriptorByType(ClaudeInstallation.DescriptorImpl).setInstallations(
                    new ClaudeInstallation('%1$s', '%2$s', []))
                print 'ready'
                """.formatted(job, command.getParent()));
        if (!answer.equals("ready")) {
            throw new IOException(answer);
        }
        controller.createPipeline(
                job,
                "node('remote') { writeFile file: 'a', text: ''; analyzeRepository(cache: false, retries: 0, maxOutputMb: 500,"
                        // The script keeps its notes beside itself.
                        + " sandbox: 'off',"
                        + " timeoutMinutes: 10, claudeTool: '" + job + "', apiKeyCredentialsId: 'key-" + job + "') }");
        controller.start(job);
        await("the page of " + job, () -> controller.get(page(job)).statusCode() == 200);
    }

    private static String page(String job) {
        return "job/" + job + "/1/mini-build-claude/1/";
    }

    private void go(String job) throws IOException {
        Files.createFile(root.resolve(job).resolve("claude.go"));
    }

    /** What is waited for. */
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofMinutes(4));
        while (!condition.holds()) {
            if (deadline.expired()) {
                throw new IOException("waited in vain for " + what);
            }
            Thread.sleep(200);
        }
    }

    private boolean delay(int events) throws IOException, InterruptedException {
        begin("delay", NOW_AND_THEN.formatted(events));
        browser.go(page("delay"));
        browser.script("""
                window.delays = [];
                new MutationObserver(list => list.forEach(change => change.addedNodes.forEach(node => {
                  const at = /at (\\d{13})/.exec(node.textContent);
                  if (at) requestAnimationFrame(() => window.delays.push(Date.now() - Number(at[1])));
                }))).observe(document.getElementById('claude-stream'), { childList: true, subtree: true });
                """);
        Thread.sleep(1000);
        go("delay");
        await("the events", () -> numbers("return window.delays").size() >= events);
        List<Double> delays = numbers("return window.delays");
        double median = delays.get(delays.size() / 2);
        System.out.printf(
                Locale.ROOT,
                "from the agent's write to the page, %d events: median %.0f ms (at most %.0f), 95 %% %.0f ms, longest %.0f ms; %s%n",
                delays.size(),
                median,
                MOST_DELAY_MS,
                delays.get((int) (delays.size() * 0.95)),
                delays.get(delays.size() - 1),
                load());
        return median < MOST_DELAY_MS;
    }

    private boolean large(int events) throws IOException, InterruptedException {
        begin("large", VERY_MANY.formatted(events));
        go("large");
        await("the end of the run", () -> !controller
                .json(page("large") + "state")
                .get("state")
                .asText()
                .equals("running"));
        long bytes = Files.size(controller.home().resolve("jobs/large/builds/1/mini-build/claude-1/events.jsonl"));
        long start = System.nanoTime();
        browser.go(page("large"));
        await(
                "all events on the page",
                () -> Boolean.TRUE.equals(browser.script(
                        "const all = document.querySelectorAll('.claude-chunk:last-child .claude-event');"
                                + "return all.length > 0 && [...all].some(e => e.textContent.includes('ended'))")));
        double seconds = (System.nanoTime() - start) / 1e9;
        long shown = ((Number) browser.script("return document.querySelectorAll('.claude-event').length")).longValue();
        List<Double> scrolls = numbers("""
                const height = document.documentElement.scrollHeight;
                const times = [];
                const drawn = () => new Promise(tell => requestAnimationFrame(() => setTimeout(tell)));
                for (let i = 0; i < 20; i++) {
                  const start = performance.now();
                  window.scrollTo(0, height * ((i * 7) % 20) / 20);
                  await drawn();
                  times.push(performance.now() - start);
                }
                return times;
                """);
        List<Double> clicks = numbers("""
                const times = [];
                const drawn = () => new Promise(tell => requestAnimationFrame(() => setTimeout(tell)));
                for (const tab of ['claude-changes', 'claude-stream', 'claude-prompt', 'claude-stream', 'claude-changes', 'claude-stream']) {
                  const start = performance.now();
                  document.querySelector('[data-tab=' + tab + ']').click();
                  await drawn();
                  times.push(performance.now() - start);
                }
                return times;
                """);
        Number heap = (Number) browser.script("return performance.memory ? performance.memory.usedJSHeapSize : 0");
        double scroll = scrolls.get(scrolls.size() / 2);
        double click = clicks.get(clicks.size() / 2);
        System.out.printf(
                Locale.ROOT,
                "a page of %d events (%.0f MB, %d boxes): all there after %.1f s, JavaScript heap %.0f MB%n"
                        + "on it: a jump elsewhere is drawn after %.0f ms (median; longest %.0f), a click on a tab after %.0f ms (longest %.0f), at most %.0f; %s%n",
                events,
                bytes / 1e6,
                shown,
                seconds,
                heap.doubleValue() / 1e6,
                scroll,
                scrolls.get(scrolls.size() - 1),
                click,
                clicks.get(clicks.size() - 1),
                MOST_ANSWER_MS,
                load());
        // An edit's or command's result is in the box of its call.
        boolean all = shown >= events * 3L / 4;
        if (!all) {
            System.out.println("events are missing on the page");
        }
        return all && scroll < MOST_ANSWER_MS && click < MOST_ANSWER_MS;
    }

    private static String load() throws IOException {
        Path file = Path.of("/proc/loadavg");
        return Files.exists(file)
                ? "load " + Files.readString(file).split(" ")[0] + " on "
                        + Runtime.getRuntime().availableProcessors() + " processors"
                : "load unknown";
    }

    /** Sorted. */
    private List<Double> numbers(String javaScript) {
        return ((List<?>) browser.script("return (async function () {" + javaScript + "})()"))
                .stream().map(each -> ((Number) each).doubleValue()).sorted().toList();
    }
}
