package io.jenkins.plugins.minibuild.process;

import hudson.FilePath;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A folder on an agent that {@link #close} deletes if the agent is connected. For one thread of the controller. */
public final class ScratchFolder implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(ScratchFolder.class.getName());

    private final FilePath path;

    private ScratchFolder(FilePath path) {
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @param parent an existing folder
     * @param name how its name begins
     */
    public static ScratchFolder in(FilePath parent, String name) throws IOException, InterruptedException {
        return new ScratchFolder(parent.createTempDir(name, ""));
    }

    /** Where it is. */
    public FilePath path() {
        return path;
    }

    /** @throws IOException if it cannot be deleted though the agent is there */
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            path.deleteRecursive();
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException e) {
            if (!AgentLostException.isAgentLost(e)) {
                throw e;
            }
            // The caller reports the first failure; Pipeline cannot store exceptions of remoting, not even suppressed
            // ones.
            LOGGER.log(Level.FINE, e, () -> "The agent is gone with " + path);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
