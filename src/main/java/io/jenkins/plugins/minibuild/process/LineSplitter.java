package io.jenkins.plugins.minibuild.process;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a byte stream into lines, at {@code \n}, {@code \r\n} or a lone {@code \r} (a progress bar). UTF-8; what is not
 * valid becomes U+FFFD. A line over the limit is passed on cut, with a note of how much is missing, so memory is bounded
 * whatever comes. Not safe for several threads.
 */
final class LineSplitter extends OutputStream {
    private final Consumer<String> lines;
    private final int longest;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private long dropped;
    private boolean afterReturn;

    /** @param longest bytes of one line that are kept */
    LineSplitter(Consumer<String> lines, int longest) {
        this.lines = lines;
        this.longest = longest;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                afterReturn = false;
                continue;
            }
            keep(bytes, from, i - from);
            from = i + 1;
            boolean pairEnd = bytes[i] == '\n' && afterReturn;
            afterReturn = bytes[i] == '\r';
            if (!pairEnd) {
                emit();
            }
        }
        keep(bytes, from, offset + length - from);
    }

    private void keep(byte[] bytes, int from, int length) {
        int kept = Math.min(length, longest - line.size());
        line.write(bytes, from, kept);
        dropped += length - kept;
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (dropped > 0) {
            text += " … [" + dropped + " more bytes]";
            dropped = 0;
        }
        lines.accept(text);
    }

    /** Passes on a last line that has no line break. */
    @Override
    public void close() {
        if (line.size() > 0) {
            emit();
        }
    }
}
