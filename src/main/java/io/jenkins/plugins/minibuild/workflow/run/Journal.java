package io.jenkins.plugins.minibuild.workflow.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The journal of a run: a file of one JSON object a line, to which lines are only added. A line without its end, which a crash can leave, counts as never written; the next
 * writer removes it. Not safe for several threads.
 */
public final class Journal implements Closeable {
    /** No channel: an interrupted thread would close it. */
    private final RandomAccessFile file;

    private long seq;

    private Journal(RandomAccessFile file, long seq) {
        this.file = file;
        this.seq = seq;
    }

    /** Opens a journal for more entries; it may not be there yet. */
    public static Journal open(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        long whole = 0;
        long seq = 0;
        if (Files.exists(path)) {
            byte[] bytes = Files.readAllBytes(path);
            List<Entry> entries = new ArrayList<>();
            whole = parse(bytes, 0, entries);
            seq = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).seq();
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        file.setLength(whole);
        file.seek(whole);
        return new Journal(file, seq);
    }

    /**
     * Adds an entry. When this returns, the operating system has it: it outlives the controller's process.
     *
     * @param millis the controller's clock, or when it happened
     * @return the entry with its number
     */
    public Entry add(Entry entry, long millis) throws IOException {
        Entry numbered = entry.at(seq + 1, millis);
        byte[] json = Json.bytes(numbered);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        long before = file.getFilePointer();
        try {
            file.write(line);
        } catch (IOException e) {
            // A full disk: half a line must not swallow the next one.
            file.setLength(before);
            file.seek(before);
            throw e;
        }
        seq++;
        return numbered;
    }

    /** Makes the disk have what was added. */
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /**
     * The entries of a journal after a number.
     *
     * @param after the number of the last one that is known; 0 for none
     * @return empty if there is no journal
     */
    public static List<Entry> read(Path path, long after) throws IOException {
        Part part = read(path, after, 0);
        return part.entries();
    }

    /**
     * A part of a journal.
     *
     * @param entries in their order
     * @param end where the next part begins, in bytes
     */
    public record Part(List<Entry> entries, long end) {
        /** Copies the list. */
        public Part {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The entries from a place on.
     *
     * @param after the number of the last one that is known; 0 for none
     * @param from bytes, where a part ended before; 0 for the beginning
     */
    public static Part read(Path path, long after, long from) throws IOException {
        byte[] bytes;
        try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
            in.seek(from);
            bytes = new byte[(int) Math.max(0, Math.min(Integer.MAX_VALUE - 8, in.length() - from))];
            in.readFully(bytes);
        } catch (NoSuchFileException | FileNotFoundException e) {
            return new Part(List.of(), 0);
        }
        List<Entry> entries = new ArrayList<>();
        long end = from + parse(bytes, after, entries);
        return new Part(entries, end);
    }

    /** Reads whole lines and returns where they end. It stops at a line that is none. */
    private static int parse(byte[] bytes, long after, List<Entry> entries) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                try {
                    Entry entry = Json.MAPPER.readValue(
                            new String(bytes, start, i - start, StandardCharsets.UTF_8), Entry.class);
                    if (entry == null || entry.kind() == null) {
                        return start;
                    }
                    if (entry.seq() > after) {
                        entries.add(entry);
                    }
                } catch (JsonProcessingException e) {
                    return start;
                }
                start = i + 1;
            }
        }
        return start;
    }
}
