package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.remoting.SerializableOnlyOverRemoting;

/** Where a task reports what it does: the build's log. */
public interface TaskListener extends SerializableOnlyOverRemoting {
    TaskListener NULL = new NullTaskListener();

    @NonNull
    PrintStream getLogger();

    default void hyperlink(String url, String text) throws IOException {
        getLogger().print(text);
    }

    @NonNull
    default PrintWriter error(String msg) {
        PrintWriter writer = new PrintWriter(getLogger(), true, StandardCharsets.UTF_8);
        writer.println("ERROR: " + msg);
        return writer;
    }

    /** Swallows everything. */
    final class NullTaskListener implements TaskListener {
        private static final long serialVersionUID = 1L;

        private NullTaskListener() {}

        @Override
        public PrintStream getLogger() {
            return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        }
    }
}
