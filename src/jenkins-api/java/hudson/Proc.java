package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A process that runs on an agent. */
public abstract class Proc {
    protected Proc() {}

    public abstract boolean isAlive() throws IOException, InterruptedException;

    public abstract void kill() throws IOException, InterruptedException;

    public abstract int join() throws IOException, InterruptedException;

    @CheckForNull
    public abstract InputStream getStdout();

    @CheckForNull
    public abstract InputStream getStderr();

    @CheckForNull
    public abstract OutputStream getStdin();

    /** A process of this machine. */
    static final class LocalProc extends Proc {
        private final Process process;
        private final Thread[] copiers;
        private final OutputStream stdin;

        LocalProc(ProcessBuilder builder, OutputStream out, OutputStream err, InputStream in, boolean writeStdin)
                throws IOException {
            if (builder.directory() != null && !builder.directory().exists()) {
                throw new IOException("Process working directory '%s' doesn't exist!"
                        .formatted(builder.directory().getAbsolutePath()));
            }
            builder.redirectErrorStream(err == null);
            process = builder.start();
            copiers = err == null
                    ? new Thread[] {copy(process.getInputStream(), out)}
                    : new Thread[] {copy(process.getInputStream(), out), copy(process.getErrorStream(), err)};
            if (writeStdin) {
                stdin = process.getOutputStream();
            } else {
                stdin = null;
                if (in == null) {
                    process.getOutputStream().close();
                } else {
                    feed(in, process.getOutputStream());
                }
            }
        }

        private static Thread copy(InputStream from, OutputStream to) {
            Thread t = new Thread(
                    () -> {
                        byte[] buffer = new byte[8192];
                        try (from) {
                            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                                if (to != null) {
                                    to.write(buffer, 0, n);
                                }
                            }
                            if (to != null) {
                                to.flush();
                            }
                        } catch (IOException e) {
                            // the process or its reader has gone; join() tells the rest
                        }
                    },
                    "output copier");
            t.setDaemon(true);
            t.start();
            return t;
        }

        private static void feed(InputStream from, OutputStream to) {
            Thread t = new Thread(
                    () -> {
                        try (to) {
                            from.transferTo(to);
                        } catch (IOException e) {
                            // the process did not want it all
                        }
                    },
                    "input feeder");
            t.setDaemon(true);
            t.start();
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void kill() throws InterruptedException {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            join();
        }

        @Override
        public int join() throws InterruptedException {
            try {
                int code = process.waitFor();
                for (Thread t : copiers) {
                    // As the real one: a grandchild that holds the pipe open cannot hold the build for ever.
                    t.join(10_000);
                }
                return code;
            } catch (InterruptedException e) {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                throw e;
            }
        }

        @Override
        public InputStream getStdout() {
            return null;
        }

        @Override
        public InputStream getStderr() {
            return null;
        }

        @Override
        public OutputStream getStdin() {
            return stdin;
        }
    }
}
