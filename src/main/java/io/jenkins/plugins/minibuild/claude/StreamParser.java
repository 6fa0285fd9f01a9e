package io.jenkins.plugins.minibuild.claude;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Cuts the output of {@code claude --output-format stream-json} into events, as the bytes come. A line may have any size, but the memory in use is
 * bounded: of a string longer than {@link #LONGEST_STRING} the parser keeps the beginning and the number of missing bytes, and of a line longer than
 * {@link #LONGEST_LINE} after that it keeps the beginning. JSON is read only from what was kept.
 *
 * <p>A line that is shorter than {@link #LONGEST_STRING} cannot hold a longer string: the parser looks only for its end. It looks for strings in
 * longer lines only.
 *
 * <p>Not safe for several threads. {@link #close} passes on a last line without a line break.
 */
public final class StreamParser extends OutputStream {
    /** Bytes of one JSON string that are kept. */
    static final int LONGEST_STRING = 64 * 1024;
    /** Bytes of one line that are kept. */
    static final int LONGEST_LINE = 1024 * 1024;

    /** The text that follows the kept part of a string; the number of missing bytes and {@link #CUT_END} follow it. */
    static final String CUT = "\u2026 [";

    static final String CUT_END = " more bytes]";

    private static final byte QUOTE = '"';
    private static final byte ESCAPE = '\\';
    /** A backslash, u and four digits. */
    private static final int LONGEST_ESCAPE = 6;

    private static final byte BREAK = '\n';

    private static final ByteSearch BREAKS = new ByteSearch('\n', '\n', '\n');
    private static final ByteSearch OUTSIDE_ENDS = new ByteSearch('"', '\n', '\n');
    private static final ByteSearch STRING_ENDS = new ByteSearch('"', '\\', '\n');

    private enum State {
        /** In a line that is still short. */
        SHORT,
        /** Between strings. */
        OUTSIDE,
        /** In a string. */
        STRING,
        /** After a backslash in a string. */
        ESCAPED
    }

    private final Consumer<StreamEvent> events;
    private byte[] line = new byte[16 * 1024];
    private int length;
    private State state = State.SHORT;
    /** Hexadecimal digits of an escape that are still to come. */
    private int digits;
    /** Where the string that is being read begins in the line. */
    private int stringStart;
    /** Bytes of the string that were not kept. */
    private long cutBytes;
    /** Whether a string of the line was cut. */
    private boolean cut;
    /** Whether the line is longer than what is kept. */
    private boolean overlong;

    private final AtomicLong total = new AtomicLong();

    /** Passes each event to the consumer, on the thread that writes. */
    public StreamParser(Consumer<StreamEvent> events) {
        this.events = events;
    }

    /** Bytes that came so far; on any thread. */
    public long total() {
        return total.get();
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        total.addAndGet(count);
        int at = offset;
        int end = offset + count;
        while (at < end) {
            at = switch (state) {
                case SHORT -> shortLine(bytes, at, end);
                case OUTSIDE -> outside(bytes, at, end);
                case STRING -> string(bytes, at, end);
                case ESCAPED -> escaped(bytes, at);
            };
        }
    }

    private int shortLine(byte[] bytes, int from, int end) {
        int at = BREAKS.in(bytes, from, end);
        if (length + at - from > LONGEST_STRING) {
            // The line is long: its strings have to be found.
            byte[] begun = Arrays.copyOf(line, length);
            length = 0;
            state = State.OUTSIDE;
            total.addAndGet(-begun.length);
            write(begun, 0, begun.length);
            return from;
        }
        keep(bytes, from, at - from);
        if (at == end) {
            return at;
        }
        emit();
        return at + 1;
    }

    private int outside(byte[] bytes, int from, int end) {
        int at = OUTSIDE_ENDS.in(bytes, from, end);
        if (at == end) {
            keep(bytes, from, at - from);
            return at;
        }
        if (bytes[at] == BREAK) {
            keep(bytes, from, at - from);
            emit();
            return at + 1;
        }
        keep(bytes, from, at + 1 - from);
        state = State.STRING;
        stringStart = length;
        cutBytes = 0;
        return at + 1;
    }

    private int string(byte[] bytes, int from, int end) {
        int at = from;
        if (digits > 0) {
            // The digits belong to the escape before them and stay with it.
            while (at < end && digits > 0 && bytes[at] != QUOTE && bytes[at] != BREAK) {
                at++;
                digits--;
            }
            if (cutBytes > 0) {
                cutBytes += at - from;
            } else {
                keep(bytes, from, at - from);
            }
            if (at < end && (bytes[at] == QUOTE || bytes[at] == BREAK)) {
                digits = 0;
            }
            return at == from ? string(bytes, from, end) : at;
        }
        int room = cutBytes > 0 ? end - from : Math.max(0, LONGEST_STRING - (length - stringStart));
        int run = run(bytes, from, Math.min(end, from + room));
        if (cutBytes > 0) {
            cutBytes += run - from;
        } else {
            keep(bytes, from, run - from);
        }
        at = STRING_ENDS.in(bytes, run, end);
        text(bytes, run, at - run);
        if (at == end) {
            return at;
        }
        if (bytes[at] == BREAK) {
            // JSON has no line break in a string: this line is broken, the next one begins here.
            note();
            emit();
            return at + 1;
        }
        if (bytes[at] == QUOTE) {
            note();
            keep(bytes, at, 1);
            state = State.OUTSIDE;
            return at + 1;
        }
        state = State.ESCAPED;
        return at + 1;
    }

    /** The end of the part that is kept or cut as a whole, escapes in it included. */
    private static int run(byte[] bytes, int from, int limit) {
        int at = from;
        while (true) {
            at = STRING_ENDS.in(bytes, at, limit);
            if (at + LONGEST_ESCAPE > limit || bytes[at] != ESCAPE || bytes[at + 1] == BREAK) {
                return at;
            }
            at += 2;
        }
    }

    /** Handles the byte after a backslash. Both bytes are kept, or neither. */
    private int escaped(byte[] bytes, int at) {
        if (bytes[at] == BREAK) {
            state = State.STRING;
            return at;
        }
        if (cutBytes > 0 || length - stringStart >= LONGEST_STRING) {
            cutBytes += 2;
        } else {
            keep(new byte[] {ESCAPE, bytes[at]}, 0, 2);
        }
        digits = bytes[at] == 'u' ? 4 : 0;
        state = State.STRING;
        return at + 1;
    }

    private void text(byte[] bytes, int from, int count) {
        if (cutBytes > 0) {
            cutBytes += count;
            return;
        }
        int kept = Math.min(count, Math.max(0, LONGEST_STRING - (length - stringStart)));
        keep(bytes, from, kept);
        if (kept < count) {
            cutBytes = count - kept;
            // Does not cut in the middle of a character.
            int missing = partOfCharacter(bytes[from + kept]) ? lastCharacter() : 0;
            length -= missing;
            cutBytes += missing;
        }
    }

    private static boolean partOfCharacter(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** The number of bytes of a character at the end of the line that have come. */
    private int lastCharacter() {
        int bytes = 0;
        while (bytes < 3 && length - bytes > stringStart && partOfCharacter(line[length - bytes - 1])) {
            bytes++;
        }
        return length - bytes > stringStart ? bytes + 1 : bytes;
    }

    private void note() {
        if (cutBytes > 0) {
            cut = true;
            byte[] note = (CUT + cutBytes + CUT_END).getBytes(StandardCharsets.UTF_8);
            keep(note, 0, note.length);
            cutBytes = 0;
        }
        digits = 0;
    }

    private void keep(byte[] bytes, int from, int count) {
        if (overlong || count == 0) {
            return;
        }
        if (length + count > LONGEST_LINE) {
            overlong = true;
            return;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.min(LONGEST_LINE, Math.max(length + count, line.length * 2)));
        }
        System.arraycopy(bytes, from, line, length, count);
        length += count;
    }

    private void emit() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        boolean whole = !overlong;
        boolean shortened = cut;
        length = 0;
        state = State.SHORT;
        cut = false;
        overlong = false;
        stringStart = 0;
        if (end > 0) {
            events.accept(StreamEvent.read(line, end, whole, shortened));
        }
    }

    /** Passes on a last line that has no line break. */
    @Override
    public void close() {
        if (length > 0) {
            note();
            emit();
        }
    }
}
