package io.jenkins.plugins.minibuild.workflow.engine;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.process.ContainerEngine;
import io.jenkins.plugins.minibuild.process.ContainerLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The script of a job's process, for a POSIX shell. Commands of the order stand in it as quoted words; values of variables do not stand in it, they are handed over
 * as the variables {@link #values}. Immutable. The values can be secrets: never stored or printed.
 *
 * @param text the whole script; its arguments are the folder of the job and its id
 * @param values variables of the process
 * @param engines the commands of the container engines that it uses
 */
record JobScript(String text, Map<String, String> values, List<String> engines) {
    /** Marks the runner itself: its value is the id. */
    static final String RUNNER = "MINI_BUILD_RUNNER";
    /** Marks what steps have started: its value is the id, a slash and the step. */
    static final String MARK = "MINI_BUILD_MARK";
    /** The label of a job's containers; its value is the id. */
    static final String LABEL = "io.jenkins.plugins.minibuild.job";

    static final String VALUE = "MINI_BUILD_V_";

    /** Linux takes no word or variable of 128 KiB. */
    private static final int LONGEST = 131_000;
    /** Linux takes two megabytes of variables and words, most of which belong to the steps' own. */
    private static final int MOST = 1_500_000;
    /** Of a waiting time. */
    private static final long LONGEST_WAIT = 600_000;

    private static final Set<String> OWN = Set.of("MINI_BUILD_OUTPUT", RUNNER, MARK, "IFS", "OPTIND", "PPID", "LINENO");
    /** bash, called as sh, ends when one of these is set. */
    private static final Set<String> READ_ONLY = Set.of("UID", "EUID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO");

    /** What starts as it is called; other words may be the shell's own. */
    private static final Set<String> PROGRAMS = Set.of(
            "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox", "python", "python3", "perl", "ruby",
            "node", "pwsh", "env");

    private static final String FUNCTIONS = functions();

    /** What the compiler finds out elsewhere: asks for engines on the agent. */
    interface Engines {
        /** @param command empty for docker or podman, whichever is there */
        ContainerEngine named(String command) throws IOException, InterruptedException;
    }

    /**
     * Where the job runs.
     *
     * @param workspace absolute, on the agent
     * @param folder of the job's files, absolute, on the agent
     * @param limited whether the environment has the mark of limits, which containers need too
     */
    record Place(String workspace, String folder, boolean limited) {}

    /** @throws AbortException if something of the order cannot be told to a shell; the message is for users */
    static JobScript of(JobOrder order, Place place, Engines engines) throws IOException, InterruptedException {
        if (!order.id().matches("[A-Za-z0-9-]{1,100}")) {
            throw new AbortException(Messages.JobScript_id(order.id()));
        }
        return new Compiler(place, engines).compile(order);
    }

    private static String functions() {
        try (InputStream in = JobScript.class.getResourceAsStream("job.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("The plugin is broken: job.sh is missing", e);
        }
    }

    /** One word for the shell, whatever is in it. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String quoted(List<String> words) {
        return words.stream().map(JobScript::quoted).collect(Collectors.joining(" "));
    }

    private static final class Compiler {
        private final Place place;
        private final Engines engines;
        private final StringBuilder script = new StringBuilder(FUNCTIONS);
        /** The names of values: equal values are handed over once. */
        private final Map<String, String> names = new LinkedHashMap<>();

        private final List<String> used = new ArrayList<>();

        Compiler(Place place, Engines engines) {
            this.place = place;
            this.engines = engines;
        }

        JobScript compile(JobOrder order) throws IOException, InterruptedException {
            StringBuilder calls = new StringBuilder();
            calls.append("_mb_now\n_mb_f=").append(order.failed() ? 1 : 0).append('\n');
            if (order.timeoutMillis() > 0) {
                calls.append("_mb_watched ")
                        .append((order.timeoutMillis() + 999) / 1000)
                        .append('\n');
            }
            for (StepOrder step : order.steps()) {
                // What a step keeps from others: names are known only after all.
                functions(order, step);
                calls.append(call(step));
            }
            // From here on the shell has the values without handing them on.
            names.values().forEach(each -> line("_mb_" + each + "=$" + each + "; unset " + each));
            script.append(calls).append("_mb_over\n");
            Map<String, String> values = new LinkedHashMap<>();
            long size = 0;
            for (Map.Entry<String, String> each : names.entrySet()) {
                values.put(each.getValue(), each.getKey());
                size += bytes(each.getKey()) + each.getValue().length() + 2L;
            }
            if (size > MOST) {
                throw new AbortException(Messages.JobScript_allTooLong(size, MOST));
            }
            return new JobScript(script.toString(), values, List.copyOf(used));
        }

        private String call(StepOrder step) {
            StringBuilder line = new StringBuilder("_mb_step ").append(step.index());
            for (boolean each :
                    new boolean[] {step.afterSuccess(), step.afterFailure(), step.afterCancel(), step.continueOnError()
                    }) {
                line.append(each ? " 1" : " 0");
            }
            List<Integer> codes = step.retry().exitCodes();
            line.append(
                    codes.isEmpty()
                            ? " ''"
                            : codes.stream().map(String::valueOf).collect(Collectors.joining(" ", " ' ", " '")));
            line.append(step.container() == null ? " 0 -" : " 1 -");
            long wait = Math.min(step.retry().backoffMillis(), LONGEST_WAIT);
            for (int i = 0; i < step.retry().count(); i++) {
                line.append(' ')
                        .append(
                                wait <= 0
                                        ? "-"
                                        : wait % 1000 == 0
                                                ? String.valueOf(wait / 1000)
                                                : String.format(Locale.ROOT, "%d.%03d", wait / 1000, wait % 1000));
                wait = Math.min(wait * 2, LONGEST_WAIT);
            }
            return line.append('\n').toString();
        }

        private void functions(JobOrder order, StepOrder step) throws IOException, InterruptedException {
            int i = step.index();
            line("_mb_s" + i + "() {");
            String workdir = step.workdir().isEmpty()
                    ? place.workspace()
                    : step.workdir().startsWith("/") ? step.workdir() : place.workspace() + "/" + step.workdir();
            String here = checked(workdir, step);
            if (step.container() != null && !isInWorkspace(workdir)) {
                // It exists in the image, or the engine makes it.
                here = place.workspace();
            }
            line("_mb_cd " + quoted(here) + " || return 1");
            if (step.container() == null) {
                List<String> words = new ArrayList<>(step.shell());
                words.add(step.command());
                for (String word : words) {
                    length(word, step);
                    checked(word, step);
                }
                String first = words.get(0);
                String variables = variables(step, Map.of());
                line(
                        first.contains("/") || PROGRAMS.contains(first)
                                ? variables + " " + quoted(words)
                                // It could be a word of the shell's own, which would work on the runner.
                                : "(export " + variables + "; exec " + quoted(words) + ")");
            } else {
                container(order, step, workdir);
            }
            line("}");
        }

        private boolean isInWorkspace(String path) {
            return (path + "/").startsWith(place.workspace() + "/");
        }

        /** The variables of a step as a shell sets them for one command; without those of a container that steer the engine's command. */
        private String variables(StepOrder step, Map<String, String> steering) throws AbortException {
            StringBuilder all = new StringBuilder();
            for (Map.Entry<String, String> each : step.environment().entrySet()) {
                String name = each.getKey();
                if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")
                        || name.startsWith(VALUE)
                        || name.startsWith("_mb_")
                        || OWN.contains(name)
                        || READ_ONLY.contains(name)) {
                    throw new AbortException(Messages.JobScript_name(step.index() + 1, name));
                }
                String value = value(each.getValue(), name, step);
                if (!steering.containsKey(name)) {
                    all.append(name).append("=\"$_mb_").append(value).append("\" ");
                }
            }
            if (!step.environment().containsKey("MINI_BUILD_STATUS")) {
                // Else it is that of more than this job.
                all.append("MINI_BUILD_STATUS=\"$_mb_s\" ");
            }
            return all + "MINI_BUILD_OUTPUT=\"$_mb_d/io/out." + step.index() + "\" " + mark(step);
        }

        private static String mark(StepOrder step) {
            return MARK + "=\"$_mb_id/" + step.index() + "\"";
        }

        private String value(String value, String name, StepOrder step) throws AbortException {
            if (value.indexOf('\0') >= 0) {
                throw new AbortException(Messages.JobScript_zero(step.index() + 1, name));
            }
            if (bytes(value) > LONGEST) {
                throw new AbortException(Messages.JobScript_valueTooLong(step.index() + 1, name, LONGEST));
            }
            return names.computeIfAbsent(value, key -> VALUE + names.size());
        }

        private void container(JobOrder order, StepOrder step, String workdir)
                throws IOException, InterruptedException {
            StepOrder.ContainerOrder wish = step.container();
            ContainerEngine engine = engines.named(wish.engine());
            if (!used.contains(engine.command())) {
                used.add(engine.command());
            }
            int i = step.index();
            String name = "mini-build-" + order.id() + "-" + i;
            ContainerLine line;
            try {
                line = new ContainerLine(engine, wish.image())
                        .name(name)
                        .option("--label", LABEL + "=" + order.id())
                        .workdir(workdir)
                        .asAgent()
                        .mount(place.workspace(), false)
                        .mount(place.folder() + "/io/out." + i, false);
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
            if (wish.entrypoint() != null) {
                line.option("--entrypoint", checked(wish.entrypoint(), step));
            }
            if (wish.cpu() > 0) {
                line.option("--cpus", String.format(Locale.ROOT, "%.3f", wish.cpu()));
            }
            if (wish.memory() > 0) {
                line.option("--memory", String.valueOf(wish.memory()));
            }
            if (!engine.podman()
                    && !engine.rootless()
                    && engine.uid() != 0
                    && !step.environment().containsKey("HOME")) {
                // The agent's user has no home in the image; without one that can be written to many tools fail.
                line.visibleEnv("HOME", "/tmp");
            }
            if (place.limited()) {
                line.env("MINI_BUILD_LIMITS");
            }
            Map<String, String> steering = new TreeMap<>();
            for (Map.Entry<String, String> each : step.environment().entrySet()) {
                if (ContainerLine.steers(each.getKey())) {
                    steering.put(each.getKey(), value(each.getValue(), each.getKey(), step));
                } else {
                    line.env(each.getKey());
                }
            }
            line.env("MINI_BUILD_OUTPUT").env(MARK);
            if (!step.environment().containsKey("MINI_BUILD_STATUS")) {
                line.env("MINI_BUILD_STATUS");
            }
            Set<String> kept = new HashSet<>(steering.values());
            kept.forEach(line::env);
            List<String> words = new ArrayList<>(step.shell());
            if (!words.isEmpty()) {
                words.add(step.command());
                for (String word : words) {
                    length(word, step);
                    checked(word, step);
                }
            }
            if (!steering.isEmpty()) {
                if (words.isEmpty()) {
                    throw new AbortException(Messages.JobScript_steers(
                            step.index() + 1, String.join(", ", steering.keySet()), engine.command()));
                }
                StringBuilder within = new StringBuilder();
                steering.forEach((variable, handed) ->
                        within.append(variable).append("=$").append(handed).append("; "));
                within.append("export ")
                        .append(String.join(" ", steering.keySet()))
                        .append("; unset ")
                        .append(String.join(" ", kept))
                        .append("; exec \"$@\"");
                List<String> wrapped = new ArrayList<>(List.of("sh", "-c", within.toString(), "sh"));
                wrapped.addAll(words);
                words = wrapped;
            }
            if (wish.login() != null) {
                login(engine, wish, step);
            }
            StringBuilder command = new StringBuilder(variables(step, steering));
            kept.forEach(each -> command.append(' ')
                    .append(each)
                    .append("=\"$_mb_")
                    .append(each)
                    .append('"'));
            line(command + " " + quoted(engine.command()) + " " + quoted(line.words(words)));
            if (wish.entrypoint() != null) {
                line("_mb_c=$?");
                line("[ \"$_mb_c\" != 127 ] || printf '%s\\n' "
                        + quoted(Messages.JobScript_noPlugin(wish.image(), wish.entrypoint())));
                line("return \"$_mb_c\"");
            }
            line("}");
            line("_mb_r" + i + "() {");
            line(quoted(engine.command()) + " rm --force " + (engine.podman() ? "--time=0 " : "") + quoted(name));
            line("rm -rf \"$_mb_d/login." + i + "\"");
        }

        /** The password goes through a pipe into a private folder, which is gone before the image runs. */
        private void login(ContainerEngine engine, StepOrder.ContainerOrder wish, StepOrder step)
                throws AbortException {
            StepOrder.Login login = wish.login();
            String password = value(login.password(), "password", step);
            String user = value(login.username(), "username", step);
            String server = login.server().isEmpty() ? server(wish.image()) : login.server();
            String folder = "\"$_mb_d/login." + step.index() + "\"";
            String file = "\"$_mb_d/login." + step.index() + "/config.json\"";
            String command = mark(step) + " " + quoted(engine.command());
            line(mark(step) + " mkdir -m 700 " + folder + " || return 1");
            line("_mb_o=$(printf '%s' \"$_mb_" + password + "\" | "
                    + (engine.podman()
                            ? command + " login --authfile " + file
                            : command + " --config " + folder + " login")
                    + " --username \"$_mb_" + user + "\" --password-stdin " + quoted(checked(server, step))
                    + " 2>&1) && "
                    + (engine.podman()
                            ? command + " pull --authfile " + file
                            : command + " --config " + folder + " pull")
                    + " --quiet " + quoted(wish.image()) + " >/dev/null");
            line("_mb_c=$?");
            line("rm -rf " + folder);
            line("[ \"$_mb_c\" = 0 ] || { printf '%s\\n' \"$_mb_o\"; return \"$_mb_c\"; }");
        }

        private static String server(String image) {
            int slash = image.indexOf('/');
            String first = slash < 0 ? "" : image.substring(0, slash);
            return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : "docker.io";
        }

        private static String checked(String word, StepOrder step) throws AbortException {
            if (word.indexOf('\0') >= 0) {
                throw new AbortException(Messages.JobScript_zero(step.index() + 1, "command"));
            }
            return word;
        }

        private static void length(String word, StepOrder step) throws AbortException {
            if (bytes(word) > LONGEST) {
                throw new AbortException(Messages.JobScript_commandTooLong(step.index() + 1, LONGEST));
            }
        }

        private static int bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }

        private void line(String line) {
            script.append(line).append('\n');
        }
    }
}
