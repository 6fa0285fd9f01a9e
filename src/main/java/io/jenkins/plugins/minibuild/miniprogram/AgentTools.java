package io.jenkins.plugins.minibuild.miniprogram;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The versions of the tools that builds find on an agent. They take a third of a second to ask for, so the controller remembers them: for each connection to
 * an agent and each search path, for at most an hour. What is remembered says nothing but which version a tool has; each tool is still run by its name.
 *
 * <p>A build cannot change what another one is told: other agents, later connections and other search paths have entries of their own. Not remembered is what
 * depends on the build itself (a container, a search path with relative folders), and an answer in which a tool is missing: somebody is about to install it.
 */
final class AgentTools {
    /** In the order in which people are shown them. */
    static final List<String> NAMES = List.of("node", "npm", "git");

    /** What a tool's version is called that does not tell it. */
    static final String UNTOLD = "?";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MOST_PATHS = 100;
    private static final int LONGEST_VERSION = 60;
    /** The beginnings of the names of variables by which version managers, node and npm choose what runs. */
    private static final List<String> STEERING =
            List.of("HOME", "USERPROFILE", "PATHEXT", "NODE_", "NPM_", "NVM_", "VOLTA_", "ASDF_", "FNM_", "N_PREFIX");

    /** By connection; guarded by itself. A connection that is gone takes its entries along. */
    private static final Map<VirtualChannel, Map<String, Known>> KNOWN = new WeakHashMap<>();

    private AgentTools() {}

    /** An answer and when it was given. */
    private record Known(Map<String, String> versions, Instant since) {}

    /**
     * The versions by the tools' names; empty for a tool that is not there, {@link #UNTOLD} for one that does not tell.
     *
     * @param afresh whether the agent is asked in any case
     */
    static Map<String, String> of(BuildContext context, boolean afresh) throws IOException, InterruptedException {
        VirtualChannel channel = context.launcher().getChannel();
        if (channel == null || !isLasting(context)) {
            return ask(context);
        }
        String key = key(context.environment());
        Instant now = context.clock().instant();
        synchronized (KNOWN) {
            Known known = KNOWN.getOrDefault(channel, Map.of()).get(key);
            if (!afresh && known != null && !now.isBefore(known.since) && now.isBefore(known.since.plus(KEPT))) {
                return known.versions;
            }
        }
        Map<String, String> versions = ask(context);
        synchronized (KNOWN) {
            Map<String, Known> paths = KNOWN.computeIfAbsent(channel, connection -> new LinkedHashMap<>());
            paths.remove(key);
            if (versions.values().stream().noneMatch(each -> each.isEmpty() || each.equals(UNTOLD))) {
                paths.put(key, new Known(versions, now));
            }
            if (paths.size() > MOST_PATHS) {
                paths.remove(paths.keySet().iterator().next());
            }
        }
        return versions;
    }

    /** Whether another build on the agent with the same search path finds the same tools. */
    private static boolean isLasting(BuildContext context) {
        Class<?> launcher = context.launcher().getClass();
        // A decorated one may run commands in the container of this build.
        if (launcher != Launcher.LocalLauncher.class && launcher != Launcher.RemoteLauncher.class) {
            return false;
        }
        String path = context.environment().get("PATH");
        if (path == null) {
            return true;
        }
        boolean unix = context.launcher().isUnix();
        for (String folder : path.split(unix ? ":" : ";", -1)) {
            if (unix ? !folder.startsWith("/") : !folder.matches("(?i)\"?(?:[a-z]:[\\\\/]|\\\\\\\\).*")) {
                return false;
            }
        }
        return true;
    }

    private static String key(EnvVars environment) {
        Map<String, String> steering = new TreeMap<>();
        environment.forEach((name, value) -> {
            String upper = name.toUpperCase(java.util.Locale.ROOT);
            if (upper.equals("PATH") || STEERING.stream().anyMatch(upper::startsWith)) {
                steering.put(name, value);
            }
        });
        List<String> parts = new ArrayList<>();
        steering.forEach((name, value) -> parts.addAll(List.of(name, value)));
        return Digest.ofParts(parts.toArray(String[]::new));
    }

    /** Asks all of them at the same time. */
    private static Map<String, String> ask(BuildContext context) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(NAMES.size(), work -> {
            Thread thread = new Thread(work, "Mini Build: versions of tools");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<String, Future<String>> asked = new LinkedHashMap<>();
            for (String tool : NAMES) {
                asked.put(tool, pool.submit(() -> version(context, tool)));
            }
            Map<String, String> versions = new LinkedHashMap<>();
            for (Map.Entry<String, Future<String>> each : asked.entrySet()) {
                versions.put(each.getKey(), answer(each.getValue()));
            }
            return Map.copyOf(versions);
        } finally {
            // An interrupted thread ends its command.
            pool.shutdownNow();
        }
    }

    private static String answer(Future<String> asked) throws IOException, InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    private static String version(BuildContext context, String tool) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<String> command = context.launcher().isUnix() || !tool.equals("npm")
                ? List.of(tool, "--version")
                : List.of("cmd", "/c", tool, "--version");
        try {
            boolean known = ProcessRun.command(context.launcher(), command)
                    .in(context.temp())
                    .env(context.environment())
                    .redactor(context.redactor())
                    .what(tool)
                    .deadline(Deadline.after(PATIENCE))
                    .onErrorLine(line -> {})
                    .keep(lines)
                    .run()
                    .succeeded();
            String said = DriverFailure.clean(String.join(" ", lines));
            // A tool that cannot tell its version fails later, with a better message.
            return known
                    ? said.substring(0, Math.min(LONGEST_VERSION, said.length()))
                            .replaceFirst("^(git version |v)", "")
                    : UNTOLD;
        } catch (CommandNotFoundException e) {
            return "";
        }
    }
}
