package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder {@code claude-N} of a run among the build's files on the controller, and the names and formats of its files: {@link ClaudeRun} writes them,
 * pages read them while they are written. Every reader finds a whole state and whole events.
 */
public final class RunFolder {
    /** The events, see {@link EventStore}. */
    static final String EVENTS = "events.jsonl";

    private static final String PREFIX = "claude-";
    /** A JSON object: what the run is, and how far it is. */
    private static final String STATE = "run.json";

    private static final String PROMPT = "prompt.txt";
    /** An empty file that asks the run to end. */
    private static final String CANCEL = "cancel";

    private final Path folder;
    private final int number;

    private RunFolder(Path folder, int number) {
        this.folder = folder;
        this.number = number;
    }

    /** The folder of the build's next run; it is made. Safe for several threads. */
    static RunFolder create(Path build) throws IOException {
        Files.createDirectories(build);
        for (int n = 1; ; n++) {
            try {
                return new RunFolder(Files.createDirectory(build.resolve(PREFIX + n)), n);
            } catch (FileAlreadyExistsException e) {
                // another run has this number
            }
        }
    }

    /** Whether a build has any run. */
    static boolean exists(Path build) {
        return Files.isDirectory(build.resolve(PREFIX + 1));
    }

    /**
     * The runs of a build in their order.
     *
     * @param build the plugin's own folder among the build's files; it need not exist
     */
    static List<RunFolder> all(Path build) throws IOException {
        if (!Files.isDirectory(build)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(build)) {
            return entries.filter(each -> each.getFileName().toString().matches(PREFIX + "[0-9]{1,6}"))
                    .filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                    .map(each -> new RunFolder(
                            each, Integer.parseInt(each.getFileName().toString().substring(PREFIX.length()))))
                    .sorted(Comparator.comparingInt(RunFolder::number))
                    .toList();
        }
    }

    /** 1 for the build's first run. */
    int number() {
        return number;
    }

    /** The folder itself. */
    Path path() {
        return folder;
    }

    /** The state; missing when the run has written none, or a power cut has damaged it. */
    JsonNode state() throws IOException {
        try {
            return StoredFile.read(folder.resolve(STATE)).map(RunFolder::parse).orElse(MissingNode.getInstance());
        } catch (UncheckedIOException e) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode parse(byte[] json) {
        try {
            return Json.parse(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Replaces the state.
     *
     * @param lasting whether it has to outlive a power cut
     */
    void state(ObjectNode state, boolean lasting) throws IOException {
        if (lasting) {
            StoredFile.replace(folder.resolve(STATE), Json.bytes(state));
        } else {
            StoredFile.replaceWithoutForce(folder.resolve(STATE), Json.bytes(state));
        }
    }

    /** Marks the runs of a build that went on when the controller was killed as lost. */
    public static void lose(Path build) throws IOException {
        for (RunFolder run : all(build)) {
            ObjectNode state = run.state() instanceof ObjectNode known ? known : Json.MAPPER.createObjectNode();
            if (state.path("state").asText("running").equals("running")) {
                run.state(state.put("state", "lost"), true);
            }
        }
    }

    /** The prompt; empty before it is written. */
    String prompt() throws IOException {
        return StoredFile.read(folder.resolve(PROMPT))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
    }

    /** Stores the prompt. */
    void prompt(String text) throws IOException {
        Files.writeString(folder.resolve(PROMPT), text);
    }

    /** The file with all events; it need not exist yet. */
    Path events() {
        return folder.resolve(EVENTS);
    }

    /** Asks the run to end. */
    void cancel() throws IOException {
        try {
            Files.createFile(folder.resolve(CANCEL));
        } catch (FileAlreadyExistsException e) {
            // asked before
        }
    }

    /** Whether the run was asked to end. */
    boolean isCancelled() {
        return Files.exists(folder.resolve(CANCEL));
    }

    /** Some stored lines. */
    record Part(List<Line> lines, long end) {}

    /**
     * A stored event.
     *
     * @param json one line of JSON
     * @param end where the next one begins, in bytes from the file's beginning
     */
    record Line(String json, long end) {}

    /**
     * The whole lines from a place on.
     *
     * @param from the end of an earlier part, 0 for the beginning; a place within a line counts as the line's end
     * @param mostLines at least 1
     * @param mostBytes reading ends after about so many bytes; a line is read whole, whatever its length
     */
    Part read(long from, int mostLines, int mostBytes) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (RandomAccessFile file = new RandomAccessFile(events().toFile(), "r")) {
            long at = Math.max(0, from);
            if (at > file.length()) {
                return new Part(lines, file.length());
            }
            boolean within = false;
            if (at > 0) {
                file.seek(at - 1);
                within = file.read() != '\n';
            }
            file.seek(at);
            byte[] buffer = new byte[64 * 1024];
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long end = at;
            for (int n = file.read(buffer); n > 0; n = file.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (buffer[i] != '\n') {
                        line.write(buffer[i]);
                        continue;
                    }
                    end = at + i + 1;
                    String text = line.toString(StandardCharsets.UTF_8);
                    line.reset();
                    // A killed controller can leave a line without its end, and the next event behind it.
                    if (!within && text.startsWith("{\"seq\":") && text.endsWith("}")) {
                        lines.add(new Line(text, end));
                    }
                    within = false;
                    if (lines.size() >= mostLines || end - from >= mostBytes) {
                        return new Part(lines, end);
                    }
                }
                at += n;
            }
            return new Part(lines, end);
        } catch (java.io.FileNotFoundException e) {
            return new Part(lines, 0);
        }
    }
}
