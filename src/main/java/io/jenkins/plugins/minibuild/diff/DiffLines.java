package io.jenkins.plugins.minibuild.diff;

import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Side;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a diff while git prints it, however large it is, and passes on its lines. A line longer than {@value #LONGEST} bytes comes in pieces, each of
 * which repeats the last {@value #OVERLAP} bytes of the one before, so that nothing shorter is cut in two. Not safe for several threads.
 */
public final class DiffLines extends OutputStream {
    /** Bytes of a line that are kept. */
    static final int LONGEST = 1 << 20;

    /** Bytes that two pieces of a line have in common. */
    static final int OVERLAP = 8 << 10;

    /** Receives the lines. */
    @FunctionalInterface
    public interface Taker {
        /**
         * Takes a line, or a piece of one.
         *
         * @param path of its file
         * @param number of the line in the new file; 0 if it was removed
         * @param text without sign and line feed; what is not UTF-8 is U+FFFD
         */
        void take(String path, Kind kind, int number, String text);
    }

    private final DiffReader reader;
    private byte[] line = new byte[8 << 10];
    private int length;
    private UnreadableDiffException failure;

    /** @param taker receives each line that the patch has, on the thread that writes */
    public DiffLines(Taker taker) {
        reader = new DiffReader(new Lines(taker));
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int from = offset;
        for (int i = offset; i < offset + count && failure == null; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i - from);
                pass(false);
                length = 0;
                from = i + 1;
            }
        }
        keep(bytes, from, offset + count - from);
    }

    private void keep(byte[] bytes, int offset, int count) {
        int from = offset;
        int left = count;
        while (left > 0 && failure == null) {
            int taken = Math.min(left, LONGEST - length);
            if (length + taken > line.length) {
                line = Arrays.copyOf(line, Math.min(LONGEST, Math.max(2 * line.length, length + taken)));
            }
            System.arraycopy(bytes, from, line, length, taken);
            length += taken;
            from += taken;
            left -= taken;
            if (length == LONGEST && left > 0) {
                pass(true);
                System.arraycopy(line, LONGEST - OVERLAP, line, 0, OVERLAP);
                length = OVERLAP;
            }
        }
    }

    private void pass(boolean more) {
        try {
            reader.line(line, 0, length, more);
        } catch (UnreadableDiffException e) {
            // Thrown from here, it would only end the stream.
            failure = e;
        }
    }

    /**
     * Ends the diff.
     *
     * @throws UnreadableDiffException if it could not be read to its end: not every line of it was passed on
     */
    public void finish() throws UnreadableDiffException {
        if (failure == null && length > 0) {
            failure = new UnreadableDiffException(reader.number() + 1, "the end of the line");
        }
        if (failure != null) {
            throw failure;
        }
        reader.finish();
    }

    private static final class Lines implements DiffReader.Events {
        private final Taker taker;
        private String path;

        Lines(Taker taker) {
            this.taker = taker;
        }

        @Override
        public void file(String name, Side before, Side after) {
            path = name;
        }

        @Override
        public void binary() {
            // It has no lines.
        }

        @Override
        public void hunk() {
            // The lines have their numbers.
        }

        @Override
        public void line(Kind kind, int oldNumber, int newNumber, byte[] bytes, int from, int to) {
            taker.take(path, kind, newNumber, new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }

        @Override
        public void unended() {
            // It makes no difference to what a line holds.
        }
    }
}
