package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Short lines for the build's log: what the model says, which file is read or edited with how many lines, which command ran and how it
 * ended. Thinking is told of, not shown. What comes from outside is one line of printable characters, of bounded length. Not safe for
 * several threads.
 */
public final class ConsoleLines {
    private static final int LONGEST = 300;
    private static final int MOST_TEXT_LINES = 20;
    private static final int OPEN_CALLS = 200;
    private static final Pattern EXIT_CODE = Pattern.compile("^Exit code ([0-9]{1,10})\\b");
    /** What the command answers the model in place of the output of what runs on. */
    private static final Pattern BACKGROUND = Pattern.compile("\\bbackground with ID: ([A-Za-z0-9_-]{1,64})");
    /** What a task is that runs on. */
    private static final Set<String> RUNNING = Set.of("", "pending", "running");

    private final String folder;
    private final Redactor redactor;
    /** The calls that have no result yet, by their id. */
    private final Map<String, JsonNode> calls = new Open<>();
    /** The commands that run in the background, by the id of their task. */
    private final Map<String, String> tasks = new Open<>();

    /** What has begun and not ended; the oldest go first. */
    private static final class Open<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > OPEN_CALLS;
        }
    }

    /**
     * @param folder in which the command works: paths below it are shown without it
     * @param redactor knows the secrets; a line is shortened only after they were masked
     */
    public ConsoleLines(String folder, Redactor redactor) {
        this.folder = folder;
        this.redactor = redactor;
    }

    /** The lines for an event; often none. */
    public List<String> of(StreamEvent event) {
        List<String> lines = new ArrayList<>();
        if (event.isBroken()) {
            lines.add(Messages.ConsoleLines_unreadable(shown(event.text())));
            return lines;
        }
        switch (event.type()) {
            case "system" -> system(event, lines);
            case "assistant" -> {
                for (JsonNode part : event.tree().path("message").path("content")) {
                    assistant(part, lines);
                }
            }
            case "user" -> {
                JsonNode tree = event.tree();
                for (JsonNode part : tree.path("message").path("content")) {
                    if (part.path("type").asText().equals("tool_result")) {
                        result(part, tree.path("tool_use_result"), lines);
                    }
                }
            }
            default -> {
                // pieces of what comes whole later, the result, which the run tells of, and what is not known
            }
        }
        return lines;
    }

    private void system(StreamEvent event, List<String> lines) {
        if (event.subtype().equals("init")) {
            lines.add(Messages.ConsoleLines_init(shown(event.version()), shown(event.model()), shown(event.session())));
        } else if (event.subtype().equals("api_retry")) {
            lines.add(Messages.ConsoleLines_retry(
                    String.valueOf(event.status()),
                    shown(event.error()),
                    String.format(Locale.ROOT, "%.1f", event.retryMillis() / 1000.0)));
        } else if (!tasks.isEmpty() && event.subtype().startsWith("task_")) {
            task(event.tree(), lines);
        }
    }

    /** Tells how a command in the background has ended. */
    private void task(JsonNode tree, List<String> lines) {
        String id = tree.path("task_id").asText();
        String status =
                tree.path("patch").path("status").asText(tree.path("status").asText());
        if (!RUNNING.contains(status) && tasks.containsKey(id)) {
            lines.add(Messages.ConsoleLines_backgroundEnded(tasks.remove(id), shown(status)));
        }
    }

    /** The lines for the commands that were still running in the background when the run ended: they were ended with it. */
    public List<String> unfinished() {
        List<String> lines = tasks.values().stream()
                .map(Messages::ConsoleLines_backgroundLeft)
                .toList();
        tasks.clear();
        return lines;
    }

    private void assistant(JsonNode part, List<String> lines) {
        switch (part.path("type").asText()) {
            case "text" -> {
                List<String> said = part.path("text")
                        .asText()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList();
                said.stream().limit(MOST_TEXT_LINES).forEach(line -> lines.add(shown(line)));
                if (said.size() > MOST_TEXT_LINES) {
                    lines.add(Messages.ConsoleLines_more(said.size() - MOST_TEXT_LINES));
                }
            }
            case "thinking", "redacted_thinking" -> lines.add(Messages.ConsoleLines_thinking());
            case "tool_use" -> {
                calls.put(part.path("id").asText(), part);
                call(part, lines);
            }
            default -> {
                // not known
            }
        }
    }

    /** The line for the begin of a call; null where the end of the call makes a better line. */
    private void call(JsonNode call, List<String> lines) {
        JsonNode input = call.path("input");
        switch (call.path("name").asText()) {
            case "Read" -> lines.add(Messages.ConsoleLines_reading(path(input)));
            case "Glob", "Grep" ->
                lines.add(Messages.ConsoleLines_searching(
                        shown(input.path("pattern").asText())));
            case "Edit", "Write", "NotebookEdit", "Bash", "StructuredOutput" -> {
                // with its result
            }
            default ->
                lines.add(Messages.ConsoleLines_using(shown(call.path("name").asText())));
        }
    }

    private void result(JsonNode part, JsonNode details, List<String> lines) {
        JsonNode call = calls.remove(part.path("tool_use_id").asText());
        if (call == null) {
            return;
        }
        String name = call.path("name").asText();
        JsonNode input = call.path("input");
        boolean failed = part.path("is_error").asBoolean();
        String text = text(part.path("content"));
        if (name.equals("Bash")) {
            Matcher code = EXIT_CODE.matcher(text);
            Matcher background = BACKGROUND.matcher(text);
            String command = shown(input.path("command").asText());
            String task = details.path("backgroundTaskId").asText(background.find() ? background.group(1) : "");
            if (!failed && (!task.isEmpty() || input.path("run_in_background").asBoolean())) {
                tasks.put(task, command);
                lines.add(Messages.ConsoleLines_background(command));
                return;
            }
            if (!failed && details.path("interrupted").asBoolean()) {
                lines.add(Messages.ConsoleLines_interrupted(command));
                return;
            }
            lines.add(
                    !failed
                            ? Messages.ConsoleLines_ran(command, "0")
                            : code.find()
                                    ? Messages.ConsoleLines_ran(command, code.group(1))
                                    : Messages.ConsoleLines_notRun(command, shown(text)));
        } else if (failed) {
            lines.add(Messages.ConsoleLines_failed(shown(name), path(input), shown(text)));
        } else if (name.equals("Edit") || name.equals("Write") || name.equals("NotebookEdit")) {
            int[] changes = changes(name, input, details);
            lines.add(Messages.ConsoleLines_editing(path(input), changes[0], changes[1]));
        }
    }

    /** Lines that were added and removed. */
    private static int[] changes(String name, JsonNode input, JsonNode details) {
        int added = 0;
        int removed = 0;
        JsonNode patch = details.path("structuredPatch");
        for (JsonNode hunk : patch) {
            for (JsonNode line : hunk.path("lines")) {
                added += line.asText().startsWith("+") ? 1 : 0;
                removed += line.asText().startsWith("-") ? 1 : 0;
            }
        }
        if (patch.isEmpty() && name.equals("Write")) {
            added = (int) input.path("content").asText().lines().count();
        }
        return new int[] {added, removed};
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder all = new StringBuilder();
        content.forEach(part -> all.append(part.path("text").asText()).append('\n'));
        return all.toString();
    }

    private String path(JsonNode input) {
        String path = input.path("file_path").asText(input.path("notebook_path").asText());
        return shown(path.startsWith(folder + "/") ? path.substring(folder.length() + 1) : path);
    }

    private String shown(String text) {
        return printable(redactor.redact(text));
    }

    /**
     * One line of bounded length, without control characters: they could hide text in a terminal or forge what Jenkins itself writes
     * into a log.
     */
    public static String printable(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (line.length() >= LONGEST) {
                return line.append('\u2026').toString();
            }
            int kind = Character.getType(c);
            if (Character.isISOControl(c)
                    || kind == Character.FORMAT
                    || kind == Character.LINE_SEPARATOR
                    || kind == Character.PARAGRAPH_SEPARATOR
                    || kind == Character.SURROGATE) {
                if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                    line.append(' ');
                }
            } else {
                line.appendCodePoint(c);
            }
        }
        return line.toString().strip();
    }
}
