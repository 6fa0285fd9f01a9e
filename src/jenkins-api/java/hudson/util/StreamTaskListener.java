package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** A listener that writes to a stream. */
public class StreamTaskListener implements TaskListener, Closeable {
    private static final long serialVersionUID = 1L;

    @NonNull
    private final transient PrintStream out;

    public StreamTaskListener(@NonNull OutputStream out, Charset charset) {
        this.out = new PrintStream(out, true, charset == null ? Charset.defaultCharset() : charset);
    }

    @Override
    public PrintStream getLogger() {
        return out;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
