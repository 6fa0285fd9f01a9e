package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run of the command has left on the controller so far, for those who watch it: its state and its events from any place on, without reading
 * what comes before. The folder {@code claude-N} is the one that {@code ClaudeRun} writes.
 */
public final class RunFolder {
    private static final String PREFIX = "claude-";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int number;

    private RunFolder(Path folder, int number) {
        this.folder = folder;
        this.number = number;
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

    /** {@code run.json}; missing when the run has not got so far. */
    JsonNode state() throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(folder.resolve("run.json")));
        } catch (NoSuchFileException e) {
            return MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            // It is replaced as a whole; what cannot be read was not written by us.
            return MissingNode.getInstance();
        }
    }

    /** Says of the runs of a build that went on when the controller was killed that they are lost. */
    public static void lose(Path build) throws IOException {
        for (RunFolder run : all(build)) {
            if (run.state() instanceof ObjectNode state
                    && state.path("state").asText().equals("running")) {
                state.put("state", "lost");
                StoredFile.replace(run.folder.resolve("run.json"), JSON.writeValueAsBytes(state));
            }
        }
    }

    /** The prompt; empty before it was written. */
    String prompt() throws IOException {
        try {
            return Files.readString(folder.resolve("prompt.txt"));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** The file with all events; it need not exist yet. */
    Path events() {
        return folder.resolve("events.jsonl");
    }

    /** Asks whoever watches over the run to end it. */
    void cancel() throws IOException {
        try {
            Files.createFile(folder.resolve("cancel"));
        } catch (FileAlreadyExistsException e) {
            // asked before
        }
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
     * @param from a place that was told before, 0 for the beginning; a place within a line counts as the line's end
     * @param mostLines at least 1
     * @param mostBytes about so many are read; one line is read whole whatever its length
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
                    // What a killed controller cut, with the rest behind it, is no line of ours.
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
