package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One run of one command on an agent. Set it up, then call {@link #run} or {@link #runOrFail} once, from the controller.
 *
 * <p>Arguments reach the command literally. No process outlives the run: all processes carry a mark in their environment, by which they are
 * found and ended (TERM, KILL after {@link #GRACE}). That happens at the deadline, when the thread of the caller is interrupted, and when the
 * command has ended but left processes behind. On a Unix agent the script leash.sh starts the command: it reads a pipe that closes with the
 * agent, so the command ends even when the agent is killed.
 */
public final class ProcessRun {
    /** Between TERM and KILL. */
    public static final Duration GRACE = Duration.ofSeconds(3);

    /** The variable that marks the processes of a run. */
    static final String MARK = "MINI_BUILD_PROCESS";

    private static final String LEASH = resource("leash.sh");
    private static final int TAIL_LINES = 40;
    private static final int MOST_KEPT = 16 << 20;
    /** What a line costs besides its characters. */
    private static final int LINE_BYTES = 50;

    private static final int TAIL_LINE_LENGTH = 1000;
    private static final int LONGEST_LINE = 1024 * 1024;
    /** The interval at which {@link #stopWhen} is checked. */
    private static final Duration ASK = Duration.ofMillis(100);
    /** Stands for the exit code of a command that the caller ended. */
    private static final int STOPPED = Integer.MIN_VALUE;
    /** 128 and the number of TERM. */
    private static final int TERMINATED = 143;
    /** The longest time for the last output to arrive after the processes have ended. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Launcher launcher;
    private final List<String> command = new ArrayList<>();
    private final EnvVars environment = new EnvVars();
    private final Deque<String> tail = new ArrayDeque<>();
    private final String id = UUID.randomUUID().toString();

    private FilePath directory;
    private Set<String> keptVariables;
    private byte[] input = new byte[0];
    private Consumer<String> onLine = line -> {};
    private Consumer<String> onErrorLine;
    private OutputStream output;
    private BooleanSupplier stop;
    private int longestLine = LONGEST_LINE;
    private Redactor redactor = new Redactor();
    private Deadline deadline = Deadline.never();
    private TaskListener echo;
    /** Null for lines as they come. */
    private String stamp;

    private long begun;
    private String what;
    private boolean notFound;
    private RuntimeException consumerFailure;

    private ProcessRun(Launcher launcher, List<String> command) {
        this.launcher = launcher;
        command.forEach(this::arg);
        this.what = command.get(0);
    }

    /** A run of the given command; the first word is the program, found on the agent's PATH. */
    public static ProcessRun command(Launcher launcher, String... command) {
        return new ProcessRun(launcher, List.of(command));
    }

    public static ProcessRun command(Launcher launcher, List<String> command) {
        return new ProcessRun(launcher, command);
    }

    /** A line for the agent's shell: {@code sh} on Unix, {@code cmd} on Windows. */
    public static ProcessRun shell(Launcher launcher, String line) {
        return (launcher.isUnix() ? command(launcher, "sh", "-c", line) : command(launcher, "cmd", "/c", line))
                .what("'" + line + "'");
    }

    public ProcessRun arg(String argument) {
        command.add(argument);
        return this;
    }

    public ProcessRun in(FilePath dir) {
        directory = dir;
        return this;
    }

    public ProcessRun env(String key, String value) {
        environment.put(key, value);
        return this;
    }

    public ProcessRun env(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /**
     * Of the agent's environment only these variables are kept, besides those given with {@code env}. Without this call
     * all are.
     */
    public ProcessRun cleanEnvironment(Set<String> keep) {
        keptVariables = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        keptVariables.addAll(keep);
        return this;
    }

    /** Text for its standard input; without this call it is empty. */
    public ProcessRun stdin(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /**
     * Receives each line of its output (and errors, unless {@link #onErrorLine} takes them), secrets not masked, on
     * another thread. After it has thrown it receives no more, and {@code run} throws it once the command has ended.
     */
    public ProcessRun onLine(Consumer<String> consumer) {
        onLine = consumer;
        return this;
    }

    /**
     * Collects its lines, as {@link #onLine} receives them. A command on an agent can print for hours, and the lines are in the controller's memory: after about
     * {@value #MOST_KEPT} bytes none is added, and {@code run} throws an {@link IOException} once the command has ended.
     */
    public ProcessRun keep(Collection<String> lines) {
        int[] left = {MOST_KEPT};
        return onLine(line -> {
            left[0] -= LINE_BYTES + line.length();
            if (left[0] < 0) {
                throw new UncheckedIOException(
                        new IOException(Messages.ProcessRun_tooMuch(redactor.redact(what), MOST_KEPT >> 20)));
            }
            lines.add(line);
        });
    }

    /**
     * Receives its standard output as it comes, in place of {@link #onLine}: not cut into lines, not masked, not in the
     * tail. Written to on another thread and not closed. After it has thrown it receives no more, and {@code run} throws
     * that once the command has ended.
     */
    public ProcessRun output(OutputStream sink) {
        output = sink;
        return this;
    }

    /**
     * Ends the command's processes when the condition becomes true; {@code run} then returns as usual. The condition is checked a few times a second
     * on the caller's thread.
     */
    public ProcessRun stopWhen(BooleanSupplier condition) {
        stop = condition;
        return this;
    }

    /** Receives each line of its standard error. */
    public ProcessRun onErrorLine(Consumer<String> consumer) {
        onErrorLine = consumer;
        return this;
    }

    /** Bytes of a line that are kept; 1 MiB without this call. */
    public ProcessRun longestLine(int bytes) {
        longestLine = bytes;
        return this;
    }

    /** Masks what {@link ProcessResult#tail} and errors say. */
    public ProcessRun redactor(Redactor known) {
        redactor = known;
        return this;
    }

    public ProcessRun deadline(Deadline limit) {
        deadline = limit;
        return this;
    }

    /** Shows the command, and then its output, in the log. */
    public ProcessRun echo(@CheckForNull TaskListener listener) {
        echo = listener;
        return this;
    }

    /** Puts this word and the seconds since the command began in front of every line that {@link #echo} shows. */
    public ProcessRun stamped(String phase) {
        stamp = phase;
        return this;
    }

    /** The name of the command in errors; the program's name without this call. */
    public ProcessRun what(String name) {
        what = name;
        return this;
    }

    /**
     * Runs the command and fails on any exit code but 0.
     *
     * @throws CommandFailedException with the code and the last lines
     * @throws IOException as {@link #run}
     */
    public ProcessResult runOrFail() throws IOException, InterruptedException {
        ProcessResult result = run();
        if (!result.succeeded()) {
            throw new CommandFailedException(
                    Messages.ProcessRun_failed(redactor.redact(what), result.exitCode(), quote(result.tail())),
                    result.exitCode(),
                    result.tail());
        }
        return result;
    }

    /**
     * Runs it to its end.
     *
     * @throws CommandNotFoundException if the agent has no such program
     * @throws CommandTimeoutException if its deadline passed; its processes have been ended
     * @throws AgentLostException if the agent went away
     * @throws InterruptedException if this thread was interrupted; its processes have been ended
     */
    public ProcessResult run() throws IOException, InterruptedException {
        if (echo != null) {
            echo.getLogger().println("$ " + shown());
        }
        long start = System.nanoTime();
        begun = start;
        try (LineSplitter out = new LineSplitter(line -> take(line, onLine), longestLine);
                LineSplitter err = new LineSplitter(line -> take(line, onErrorLine), longestLine)) {
            int code;
            try {
                code = runToEnd(output == null ? out : new Sink(output), err);
            } catch (InterruptedException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw explain(e);
            } finally {
                out.close();
                err.close();
            }
            synchronized (tail) {
                if (consumerFailure instanceof UncheckedIOException tooMuch) {
                    throw tooMuch.getCause();
                }
                if (consumerFailure != null) {
                    throw consumerFailure;
                }
                if (notFound) {
                    throw new CommandNotFoundException(command.get(0));
                }
                return new ProcessResult(code, List.copyOf(tail), Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    private int runToEnd(OutputStream out, OutputStream err) throws IOException, InterruptedException {
        boolean leashed = launcher.isUnix();
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Proc proc = launch(leashed, out, err);
        OutputStream stdin = proc.getStdin();
        // join() in a thread of its own: interrupting it would end the process in Jenkins' way, not in ours.
        Thread joiner = new Thread(
                () -> {
                    try {
                        feed(stdin, leashed);
                        end.complete(proc.join());
                    } catch (Throwable t) {
                        end.completeExceptionally(t);
                    }
                },
                "Mini Build: " + command.get(0));
        joiner.setDaemon(true);
        joiner.start();
        try {
            int code = await(end);
            if (code == STOPPED) {
                drain(end, proc);
                return end.isDone() && !end.isCompletedExceptionally() ? end.join() : TERMINATED;
            }
            return code;
        } catch (TimeoutException e) {
            endTree();
            drain(end, proc);
            throw new CommandTimeoutException(
                    Messages.ProcessRun_late(redactor.redact(what), seconds(deadline.length()), quote(tailCopy())),
                    tailCopy());
        } catch (InterruptedException e) {
            endTree();
            drain(end, proc);
            throw e;
        } finally {
            if (stdin != null) {
                closeQuietly(stdin);
            }
        }
    }

    private Proc launch(boolean leashed, OutputStream out, OutputStream err) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (leashed) {
            line.addAll(List.of("/bin/sh", "-c", LEASH, "mini-build", String.valueOf(input.length)));
        }
        line.addAll(command);
        // The launcher expands $VARIABLES in arguments; a doubled dollar stays one.
        line.replaceAll(word -> word.replace("$", "$$"));
        return launcher.launch()
                .cmds(line)
                .quiet(true)
                .envs(overrides())
                .pwd(directory)
                .stdout(out)
                .stderr(onErrorLine == null ? null : err)
                .writeStdin()
                .start();
    }

    private Map<String, String> overrides() throws IOException, InterruptedException {
        EnvVars overrides = new EnvVars();
        VirtualChannel channel = launcher.getChannel();
        if (keptVariables != null && channel != null) {
            for (String name : EnvVars.getRemote(channel).keySet()) {
                if (!keptVariables.contains(name)) {
                    // an empty override removes
                    overrides.put(name, "");
                }
            }
        }
        overrides.putAll(environment);
        overrides.put(MARK, id);
        return overrides;
    }

    private void feed(@CheckForNull OutputStream stdin, boolean leashed) throws IOException {
        if (stdin == null) {
            return;
        }
        try {
            if (leashed) {
                stdin.write("leash\n".getBytes(StandardCharsets.US_ASCII));
            }
            stdin.write(input);
            stdin.flush();
            if (!leashed) {
                stdin.close();
            }
        } catch (IOException e) {
            if (AgentLostException.isAgentLost(e)) {
                throw e;
            }
            // The command ended without reading its input; its exit code says why.
        }
    }

    private int await(CompletableFuture<Integer> end) throws IOException, InterruptedException, TimeoutException {
        try {
            int code = stop == null
                    ? deadline.isNever()
                            ? end.get()
                            : end.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)
                    : awaitOrStop(end);
            endTree();
            return code;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof InterruptedException) {
                throw new IOException(what + " was ended by something else on the controller", cause);
            }
            throw new IOException(what + " could not be waited for", cause);
        }
    }

    private int awaitOrStop(CompletableFuture<Integer> end)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                return end.get(Math.min(ASK.toMillis(), deadline.remaining().toMillis()), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (deadline.expired()) {
                    throw e;
                }
                if (stop.getAsBoolean()) {
                    return STOPPED;
                }
            }
        }
    }

    private void endTree() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            VirtualChannel channel = launcher.getChannel();
            boolean found = channel != null
                    && AgentAnswer.call(channel, new ProcessTreeKill(MARK + "=" + id, GRACE), Boolean.class);
            if (!found) {
                launcher.kill(Map.of(MARK, id));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the last output of an ended command, even when interrupted. */
    private static void drain(CompletableFuture<Integer> end, Proc proc) {
        boolean interrupted = Thread.interrupted();
        try {
            end.get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            try {
                proc.kill();
            } catch (IOException | InterruptedException giveUp) {
                // The processes have been ended already; this is for a launcher that cannot report the end.
            }
        } catch (ExecutionException e) {
            // How it ended does not matter any more.
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private IOException explain(Exception failure) {
        if (AgentLostException.isAgentLost(failure)) {
            return AgentLostException.during(redactor.redact(what), failure);
        }
        String message = String.valueOf(failure.getMessage());
        if (message.contains("Cannot run program") && message.contains("error=2,")) {
            return new CommandNotFoundException(command.get(0));
        }
        return failure instanceof IOException io
                ? io
                : new IOException(redactor.redact(Messages.ProcessRun_notRun(what, failure)), failure);
    }

    private void take(String line, Consumer<String> consumer) {
        if (line.startsWith(id)) {
            // leash.sh reports an unknown command with this line
            synchronized (tail) {
                notFound = true;
            }
            return;
        }
        String shown = redactor.redact(line);
        if (shown.length() > TAIL_LINE_LENGTH) {
            shown = shown.substring(0, TAIL_LINE_LENGTH) + "…";
        }
        synchronized (tail) {
            tail.addLast(shown);
            if (tail.size() > TAIL_LINES) {
                tail.removeFirst();
            }
        }
        if (echo != null) {
            echo.getLogger().println(stamp() + redactor.redact(line));
        }
        synchronized (tail) {
            if (consumerFailure != null) {
                return;
            }
        }
        try {
            consumer.accept(line);
        } catch (RuntimeException e) {
            synchronized (tail) {
                consumerFailure = e;
            }
        }
    }

    private String stamp() {
        return stamp == null
                ? ""
                : String.format(Locale.ROOT, "[%s %.1f s] ", stamp, (System.nanoTime() - begun) / 1e9);
    }

    private List<String> tailCopy() {
        synchronized (tail) {
            return List.copyOf(tail);
        }
    }

    private String shown() {
        return redactor.redact(command.stream()
                .map(word -> word.matches("[\\w@%+=:,./\\-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ")));
    }

    private static String quote(List<String> lines) {
        return lines.isEmpty()
                ? Messages.ProcessRun_end()
                : Messages.ProcessRun_lastOutput(String.join("\n    ", lines));
    }

    private static String seconds(Duration length) {
        long seconds = length.toSeconds();
        if (seconds >= 120 && seconds % 60 == 0) {
            return Messages.ProcessRun_minutes(Long.toString(seconds / 60));
        }
        return Messages.ProcessRun_seconds(
                length.toMillis() % 1000 == 0 ? Long.toString(seconds) : Double.toString(length.toMillis() / 1000.0));
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The reader has ended.
        }
    }

    private static String resource(String name) {
        try (InputStream in = ProcessRun.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("The plugin is broken: " + name + " is missing", e);
        }
    }

    /** Passes bytes on until a write fails. The failure must not reach the thread that copies: the command would hang. */
    private final class Sink extends OutputStream {
        private final OutputStream out;

        Sink(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            synchronized (tail) {
                if (consumerFailure != null) {
                    return;
                }
            }
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failed(new UncheckedIOException(e));
            } catch (RuntimeException e) {
                failed(e);
            }
        }

        private void failed(RuntimeException failure) {
            synchronized (tail) {
                consumerFailure = failure;
            }
        }
    }
}
