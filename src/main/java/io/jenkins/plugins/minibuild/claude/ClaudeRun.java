package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.ContainerRun;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.process.Retry;
import io.jenkins.plugins.minibuild.process.Sandbox;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * One run of the command, in an environment of its own. It is watched while it runs and ended when it exceeds a cap; its events are kept in a {@link
 * RunFolder}. Set it up on the controller and call {@link #run} once.
 */
public final class ClaudeRun {
    private static final Logger LOGGER = Logger.getLogger(ClaudeRun.class.getName());
    /** How long the command may go on after its result before it is stopped. */
    private static final Duration LINGER = Duration.ofSeconds(5);
    /** How long it may go on after its first result, even if it tells of others. */
    private static final Duration LONGEST_LINGER = Duration.ofMinutes(1);
    /** How often the run looks whether it was cancelled, and shows how far it is. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Characters; a longer line of the error output is cut. */
    private static final int ERROR_LINE = 4096;

    private static final Pattern SESSION = Pattern.compile("[0-9a-f-]{36}");

    private static final Set<Integer> BUSY = Set.of(429, 500, 502, 503, 504, 529);
    private static final Set<Integer> STRANGER = Set.of(401, 403);

    private final BuildContext context;
    private final ClaudeCli cli;
    private final ClaudeRequest request;
    private final RunFolder folder;
    private final UsageCounter usage;
    private final Deadline deadline;
    private final long started;
    /** By the clock of the build, for people; milliseconds since 1970. */
    private final long begun;

    private Duration retryDelay = Duration.ofSeconds(5);
    private FilePath home;
    private String session;
    private String patch = "";
    /** Why the run is stopped; null while it is not. Only the thread of {@code run} writes it. */
    private EndReason stopped;

    /** When the first result came, and the last one; 0 before. */
    private volatile long firstResultAt;

    private volatile long resultAt;
    private volatile boolean storeFailed;

    private ClaudeRun(BuildContext context, ClaudeCli cli, ClaudeRequest request, RunFolder folder) {
        this.context = context;
        this.cli = cli;
        this.request = request;
        this.folder = folder;
        this.usage = new UsageCounter(request.rules().caps());
        this.deadline = Deadline.after(request.rules().caps().time());
        this.started = System.nanoTime();
        this.begun = context.clock().millis();
    }

    /** A run whose folder is the next one of the build; its time begins now. */
    public static ClaudeRun of(BuildContext context, ClaudeCli cli, ClaudeRequest request) throws IOException {
        return new ClaudeRun(
                context, cli, request, RunFolder.create(context.record().folder()));
    }

    /** The wait before the second attempt; it doubles each time. */
    ClaudeRun retryDelay(Duration delay) {
        retryDelay = delay;
        return this;
    }

    /**
     * Has the command keep its session in a home that outlives the run, so that another run can go on with it.
     *
     * @param folder on the agent, outside what the command works in; the caller deletes it
     * @param resumed the session to go on with; null to begin one
     * @throws AbortException if that is no session's id: the command printed it, and it becomes an argument
     */
    public ClaudeRun session(FilePath folder, @CheckForNull String resumed) throws AbortException {
        if (resumed != null && !SESSION.matcher(resumed).matches()) {
            throw new AbortException(Messages.ClaudeRun_noSession(ConsoleLines.printable(resumed)));
        }
        home = folder;
        session = resumed;
        if (resumed != null) {
            usage.resumed();
        }
        return this;
    }

    /** Names the artifact in which the change will be kept, for the run's page. */
    public ClaudeRun patch(String artifact) {
        patch = artifact;
        return this;
    }

    /**
     * Runs it to its end. A cap that was passed, an error of the service and every other end that the command tells of is a result.
     *
     * @throws IOException if it could not be run at all, or its events could not be stored; the agent is gone, for one
     * @throws InterruptedException if the build was aborted; the command has been ended
     */
    public ClaudeResult run() throws IOException, InterruptedException {
        Redactor redactor = context.redactor();
        if (request.model().key() != null) {
            redactor.add(request.model().key().getPlainText());
        }
        folder.prompt(redactor.redact(request.prompt()));
        context.listener().getLogger().println(Messages.ClaudeRun_begins(request.title()));
        folder.state(state("running", ""), true);
        String last = "failed";
        String message = "";
        try (EventStore store = EventStore.open(folder.path(), context.clock(), redactor)) {
            store.note("started", Map.of("title", request.title(), "claude", cli.version()));
            ClaudeResult result = attempts(store);
            last = result.endReason().name().toLowerCase(Locale.ROOT);
            message = result.message();
            store.note("ended", Map.of("ending", last, "message", message));
            context.listener()
                    .getLogger()
                    .println(Messages.ClaudeRun_ended(
                            result.usage().turns(),
                            dollars(result.usage().dollars()),
                            result.usage().duration().toSeconds()));
            return result;
        } catch (InterruptedException e) {
            last = "aborted";
            throw e;
        } catch (IOException e) {
            message = redactor.redact(String.valueOf(e.getMessage()));
            throw e;
        } finally {
            folder.state(state(last, message), true);
        }
    }

    private ClaudeResult attempts(EventStore store) throws IOException, InterruptedException {
        try {
            return Retry.times(request.rules().retries() + 1, context.random())
                    .delays(retryDelay, retryDelay.multipliedBy(12))
                    .within(deadline)
                    .when(failure -> failure instanceof Passing passing && mayRepeat(passing.result))
                    .onRetry((failure, attempt, of, delay) -> context.listener()
                            .getLogger()
                            .println(
                                    Messages.ClaudeRun_retry(failure.getMessage(), delay.toSeconds(), attempt + 1, of)))
                    .call(number -> {
                        if (number > 1) {
                            usage.nextAttempt();
                            store.note("attempt", Map.of("number", number));
                        }
                        ClaudeResult result = attempt(store);
                        if (result.endReason().isRetryable()) {
                            throw new Passing(result);
                        }
                        return result;
                    });
        } catch (Passing e) {
            return e.result;
        }
    }

    /** An attempt that may have changed files is not repeated on top of its own changes. */
    private boolean mayRepeat(ClaudeResult result) {
        return (request.rules().readOnly() || !result.usage().tools())
                && usage.dollars() < request.rules().caps().dollars();
    }

    private ClaudeResult attempt(EventStore store) throws IOException, InterruptedException {
        if (home != null) {
            return attempt(store, home);
        }
        try (ScratchFolder scratch = ScratchFolder.in(context.temp(), "claude")) {
            return attempt(store, scratch.path());
        }
    }

    private ClaudeResult attempt(EventStore store, FilePath scratch) throws IOException, InterruptedException {
        ConsoleLines console = new ConsoleLines(request.folder().getRemote(), context.redactor());
        stopped = null;
        resultAt = 0;
        firstResultAt = 0;
        JsonNode[] structured = new JsonNode[1];
        String[] text = {""};
        try (StreamParser parser = new StreamParser(event -> take(event, store, console, structured, text))) {
            ProcessResult end = null;
            List<String> tail = List.of();
            try {
                end = execute(parser, scratch);
                tail = end.tail();
            } catch (CommandTimeoutException e) {
                stopped = EndReason.TIME;
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            parser.close();
            usage.bytes(parser.total());
            console.unfinished().forEach(line -> context.listener().getLogger().println("  " + line));
            return judge(end == null ? -1 : end.exitCode(), tail, structured[0], text[0]);
        }
    }

    private ProcessResult execute(StreamParser parser, FilePath scratch) throws IOException, InterruptedException {
        double left = request.rules().caps().dollars() - usage.dollars();
        ModelProxy proxy =
                ModelProxy.open(scratch, context.launcher().isUnix(), request.model(), left, context.redactor());
        try {
            return execute(parser, scratch, proxy);
        } finally {
            proxy.close();
            usage.counted(proxy.last());
        }
    }

    private ProcessResult execute(StreamParser parser, FilePath scratch, ModelProxy proxy)
            throws IOException, InterruptedException {
        ContainerChoice choice = cli.container();
        FilePath socket = proxy.socketFolder();
        if (choice == null) {
            EnvVars environment = ClaudeCli.environment(context, scratch, proxy.environment());
            Sandbox sandbox = cli.sandbox();
            ProcessRun process = sandbox == null
                    ? ProcessRun.command(context.launcher(), arguments())
                            .in(request.folder())
                            .env(environment)
                    : sandbox.run(
                            arguments(),
                            request.folder(),
                            !request.rules().readOnly(),
                            scratch,
                            environment,
                            new Sandbox.Reach(false, socket));
            return watched(process.cleanEnvironment(ClaudeCli.KEPT_VARIABLES), parser, proxy)
                    .run();
        }
        ContainerRun container =
                choice.run(context.launcher(), request.folder(), arguments()).mount(scratch, false);
        if (socket != null) {
            container.mount(socket, false);
        }
        ClaudeCli.contain(container, context, scratch, proxy.environment());
        watched(container.process(), parser, proxy);
        return container.run();
    }

    private ProcessRun watched(ProcessRun process, StreamParser parser, ModelProxy proxy) {
        return process.stdin(request.prompt())
                .output(parser)
                .onErrorLine(line -> {})
                .longestLine(ERROR_LINE)
                .redactor(context.redactor())
                .deadline(deadline)
                .stopWhen(watch(parser, proxy))
                .what("claude");
    }

    private List<String> arguments() {
        List<String> line = new ArrayList<>(cli.arguments(
                request, request.rules().caps().turns(), request.rules().caps().dollars() - usage.dollars()));
        if (home == null) {
            line.add("--no-session-persistence");
        }
        if (session != null) {
            line.addAll(List.of("--resume", session));
        }
        return line;
    }

    private void take(StreamEvent event, EventStore store, ConsoleLines console, JsonNode[] structured, String[] text) {
        usage.take(event);
        if (event.isPiece()) {
            // It comes again as a whole.
            return;
        }
        try {
            store.append(event);
        } catch (IOException e) {
            storeFailed = true;
            throw new UncheckedIOException(e);
        }
        console.of(event).forEach(line -> context.listener().getLogger().println("  " + line));
        if (event.type().equals("result")) {
            resultAt = System.nanoTime();
            firstResultAt = firstResultAt == 0 ? resultAt : firstResultAt;
            if (!event.equals(usage.result())) {
                context.listener()
                        .getLogger()
                        .println("  " + Messages.ClaudeRun_anotherEnd(ConsoleLines.printable(event.subtype())));
                return;
            }
            JsonNode tree = event.tree();
            if (tree.has("structured_output")) {
                structured[0] = store.clean(tree.get("structured_output"));
            }
            text[0] = context.redactor().redact(tree.path("result").asText());
        }
    }

    private BooleanSupplier watch(StreamParser parser, ModelProxy proxy) {
        Deadline[] nextLook = {Deadline.after(LOOK)};
        return () -> {
            usage.bytes(parser.total());
            stopped = usage.passed();
            if (stopped == null && nextLook[0].expired()) {
                nextLook[0] = Deadline.after(LOOK);
                ask(proxy);
                stopped = folder.isCancelled() ? EndReason.CANCELLED : null;
                showProgress();
            }
            boolean lingers = resultAt != 0
                    && (System.nanoTime() - resultAt > LINGER.toNanos()
                            || System.nanoTime() - firstResultAt > LONGEST_LINGER.toNanos()
                            || usage.isTooLong());
            return stopped != null || lingers || storeFailed;
        };
    }

    /** Asks the proxy what was used. Where the agent is gone, the command's end says so. */
    private void ask(ModelProxy proxy) {
        try {
            usage.counted(proxy.count());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "the proxy to the model does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shows on the run's page how far it is; not forced to the disk, because it is written each second. */
    private void showProgress() {
        try {
            folder.state(state("running", ""), false);
        } catch (IOException e) {
            // The page shows an older state; the events are stored elsewhere.
            LOGGER.log(Level.FINE, e, () -> "the state of " + folder.path() + " was not written");
        }
    }

    private ClaudeResult judge(int exitCode, List<String> tail, @CheckForNull JsonNode structured, String text) {
        StreamEvent result = usage.result();
        String said = ConsoleLines.printable(text);
        EndReason passed = stopped == null ? usage.passed() : stopped;
        if (passed != null && !(passed == EndReason.TIME && result != null)) {
            return result(passed, explain(passed), structured, text);
        }
        boolean done = result != null && result.isSuccess();
        if (usage.refused() && !done) {
            return result(EndReason.BUDGET, explain(EndReason.BUDGET), structured, text);
        }
        if (result == null) {
            EndReason ending = exitCode == 0 ? EndReason.BROKEN_STREAM : EndReason.CRASHED;
            String lines = tail.isEmpty() ? "" : "\n    " + String.join("\n    ", tail);
            return result(
                    ending,
                    ending == EndReason.CRASHED
                            ? Messages.ClaudeRun_crashed(exitCode, lines)
                            : Messages.ClaudeRun_noResult(lines),
                    structured,
                    text);
        }
        if (result.subtype().equals("error_max_turns")) {
            return result(EndReason.TURNS, explain(EndReason.TURNS), structured, text);
        }
        if (result.subtype().equals("error_max_budget_usd")) {
            return result(EndReason.BUDGET, explain(EndReason.BUDGET), structured, text);
        }
        if (done) {
            return result(EndReason.DONE, "", structured, text);
        }
        int status = result.status() != 0 ? result.status() : usage.lastStatus();
        String word = usage.lastError();
        if (result.stopReason().equals("refusal")) {
            return result(EndReason.REFUSED, Messages.ClaudeRun_refused(said), structured, text);
        }
        if (STRANGER.contains(status) || word.equals("authentication_failed")) {
            return result(EndReason.AUTHENTICATION, Messages.ClaudeRun_authentication(said), structured, text);
        }
        if (BUSY.contains(status) || word.equals("overloaded") || word.equals("rate_limit")) {
            return result(EndReason.OVERLOADED, Messages.ClaudeRun_overloaded(said), structured, text);
        }
        if (word.equals("unknown") && text.contains("malformed response")) {
            return result(EndReason.BROKEN_STREAM, Messages.ClaudeRun_brokenAnswer(said), structured, text);
        }
        String errors = ConsoleLines.printable(
                context.redactor().redact(result.tree().path("errors").toString()));
        String failed = Messages.ClaudeRun_failed(result.subtype(), said.isEmpty() ? errors : said);
        return result(
                EndReason.FAILED,
                !usage.asked() && text.contains("Unable to connect")
                        ? failed + "\n" + Messages.ClaudeRun_noWay(cli.version())
                        : failed,
                structured,
                text);
    }

    private String explain(EndReason passed) {
        Caps caps = request.rules().caps();
        return switch (passed) {
            case TURNS -> Messages.ClaudeRun_turns(caps.turns());
            case TIME -> Messages.ClaudeRun_time(caps.time().toMinutes());
            case BUDGET -> Messages.ClaudeRun_budget(dollars(caps.dollars()), dollars(usage.dollars()));
            case OUTPUT -> Messages.ClaudeRun_output(caps.bytes() >> 20);
            case CANCELLED -> Messages.ClaudeRun_cancelled();
            default -> throw new IllegalArgumentException(passed.name());
        };
    }

    private ClaudeResult result(EndReason ending, String message, @CheckForNull JsonNode structured, String text) {
        return new ClaudeResult(
                ending,
                message,
                text,
                structured,
                new ClaudeResult.Usage(
                        usage.dollars(),
                        usage.turns(),
                        usage.tokens(),
                        Duration.ofNanos(System.nanoTime() - started),
                        usage.usedTools()),
                usage.session(),
                usage.model());
    }

    /** US dollars so far; safe to call at any time. */
    public double dollars() {
        return usage.dollars();
    }

    public static String dollars(double amount) {
        return String.format(Locale.ROOT, amount < 0.1 ? "%.4f" : "%.2f", amount);
    }

    private ObjectNode state(String state, String message) {
        Caps caps = request.rules().caps();
        return Json.MAPPER
                .createObjectNode()
                .put("title", context.redactor().redact(request.title()))
                .put("state", state)
                .put("message", message)
                .put("started", begun)
                .put("millis", context.clock().millis())
                .put("turns", usage.turns())
                .put("maxTurns", caps.turns())
                .put("dollars", usage.dollars())
                .put("maxDollars", caps.dollars())
                .put("maxMillis", caps.time().toMillis())
                .put("maxBytes", caps.bytes())
                .put("bytes", usage.bytes())
                .put("patch", patch)
                .put("session", ConsoleLines.printable(usage.session()))
                .put("model", ConsoleLines.printable(usage.model()));
    }

    /** Carries the result of an attempt that can be repeated to the retry. */
    private static final class Passing extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient ClaudeResult result;

        Passing(ClaudeResult result) {
            super(result.message());
            this.result = result;
        }
    }
}
