package io.jenkins.plugins.minibuild.diff;

import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A patch without secrets that is still one: what is masked is text of lines and names, never the grammar. */
public final class MaskedDiff {
    private MaskedDiff() {}

    /**
     * The patch with its secrets masked, byte for byte the same where it holds none.
     *
     * @param patch that {@link UnifiedDiff#parse} reads
     */
    public static byte[] of(byte[] patch, Redactor redactor) throws UnreadableDiffException {
        byte[] whole = masked(patch, 0, patch.length, redactor);
        if (Arrays.equals(whole, patch)) {
            return patch.clone();
        }
        // A secret may look like a part of a header, or reach over the end of a line.
        ByteArrayOutputStream out = new ByteArrayOutputStream(patch.length);
        int from = 0;
        DiffReader reader = new DiffReader(new Nothing());
        while (from < patch.length) {
            int end = from;
            while (end < patch.length && patch[end] != '\n') {
                end++;
            }
            boolean content = reader.isInHunk();
            reader.line(patch, from, end, false);
            int text = content ? Math.min(from + 1, end) : textOf(patch, from, end);
            out.write(patch, from, text - from);
            out.writeBytes(masked(patch, text, end, redactor));
            out.write('\n');
            from = end + 1;
        }
        return out.toByteArray();
    }

    /** Where the free text of a header begins: a name, or what stands behind the numbers of a hunk. */
    private static int textOf(byte[] patch, int from, int end) {
        String line = ExactText.decode(patch, from, end);
        if (line.startsWith("@@ ")) {
            return from + Math.min(line.length(), line.indexOf(" @@") + 3);
        }
        for (String keyword : new String[] {"diff --git ", "--- ", "+++ ", "Binary files "}) {
            if (line.startsWith(keyword)) {
                return from + keyword.length();
            }
        }
        return end;
    }

    private static byte[] masked(byte[] bytes, int from, int to, Redactor redactor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        try (OutputStream redacting = redactor.wrap(out)) {
            redacting.write(bytes, from, to - from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Only the place in the grammar is asked for. */
    private static final class Nothing implements DiffReader.Events {
        @Override
        public void file(String path, UnifiedDiff.Side before, UnifiedDiff.Side after) {
            // nothing
        }

        @Override
        public void binary() {
            // nothing
        }

        @Override
        public void hunk() {
            // nothing
        }

        @Override
        public void line(UnifiedDiff.Kind kind, int oldNumber, int newNumber, byte[] bytes, int from, int to) {
            // nothing
        }

        @Override
        public void unended() {
            // nothing
        }
    }
}
