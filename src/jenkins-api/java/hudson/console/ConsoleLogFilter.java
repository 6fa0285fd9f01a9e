package hudson.console;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.io.IOException;
import java.io.OutputStream;

/** Sees what a build logs before it is written. */
public abstract class ConsoleLogFilter implements ExtensionPoint {
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public OutputStream decorateLogger(@NonNull Run build, OutputStream logger)
            throws IOException, InterruptedException {
        return logger;
    }
}
