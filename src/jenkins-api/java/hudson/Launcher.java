package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.util.ArgumentListBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts processes on an agent. */
public abstract class Launcher {
    @NonNull
    protected final TaskListener listener;

    @CheckForNull
    protected final VirtualChannel channel;

    protected Launcher(@NonNull TaskListener listener, @CheckForNull VirtualChannel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    @CheckForNull
    public VirtualChannel getChannel() {
        return channel;
    }

    @NonNull
    public TaskListener getListener() {
        return listener;
    }

    public boolean isUnix() {
        return File.pathSeparatorChar == ':';
    }

    @NonNull
    public final ProcStarter launch() {
        return new ProcStarter();
    }

    public abstract Proc launch(@NonNull ProcStarter starter) throws IOException;

    public abstract void kill(Map<String, String> modelEnvVars) throws IOException, InterruptedException;

    @NonNull
    public final Launcher decorateByPrefix(final String... prefix) {
        Launcher outer = this;
        return new Launcher(listener, channel) {
            @Override
            public boolean isUnix() {
                return outer.isUnix();
            }

            @Override
            public Proc launch(@NonNull ProcStarter starter) throws IOException {
                List<String> all = new ArrayList<>(List.of(prefix));
                all.addAll(starter.commands);
                starter.cmds(all);
                return outer.launch(starter);
            }

            @Override
            public void kill(Map<String, String> modelEnvVars) throws IOException, InterruptedException {
                outer.kill(modelEnvVars);
            }
        };
    }

    /** What to start and how. */
    public final class ProcStarter {
        private final List<String> commands = new ArrayList<>();
        private boolean[] masks;
        private boolean quiet;
        private FilePath pwd;
        private OutputStream stdout;
        private OutputStream stderr;
        private InputStream stdin;
        private boolean writeStdin;
        private String[] envs = new String[0];

        public List<String> cmds() {
            return commands;
        }

        public ProcStarter cmds(String... args) {
            return cmds(List.of(args));
        }

        public ProcStarter cmds(List<String> args) {
            commands.clear();
            commands.addAll(args);
            return this;
        }

        public ProcStarter cmds(ArgumentListBuilder args) {
            masks = args.toMaskArray();
            return cmds(args.toList());
        }

        public ProcStarter masks(@CheckForNull boolean... masks) {
            this.masks = masks;
            return this;
        }

        public ProcStarter quiet(boolean quiet) {
            this.quiet = quiet;
            return this;
        }

        public ProcStarter pwd(@CheckForNull FilePath workDir) {
            pwd = workDir;
            return this;
        }

        public ProcStarter stdout(@CheckForNull OutputStream out) {
            stdout = out;
            return this;
        }

        public ProcStarter stdout(@NonNull TaskListener out) {
            stdout = out.getLogger();
            return this;
        }

        public ProcStarter stderr(@CheckForNull OutputStream err) {
            stderr = err;
            return this;
        }

        @NonNull
        public ProcStarter stdin(@CheckForNull InputStream in) {
            stdin = in;
            return this;
        }

        /** The caller writes to {@link Proc#getStdin()}. */
        public ProcStarter writeStdin() {
            writeStdin = true;
            return this;
        }

        public ProcStarter envs(@NonNull Map<String, String> overrides) {
            envs = overrides.entrySet().stream()
                    .map(e -> e.getKey() + '=' + e.getValue())
                    .toArray(String[]::new);
            return this;
        }

        public Proc start() throws IOException {
            return launch(this);
        }

        public int join() throws IOException, InterruptedException {
            return start().join();
        }
    }

    /** Starts processes on this machine. */
    public static class LocalLauncher extends Launcher {
        public LocalLauncher(@NonNull TaskListener listener) {
            this(listener, FilePath.localChannel);
        }

        public LocalLauncher(TaskListener listener, VirtualChannel channel) {
            super(listener, channel);
        }

        @Override
        public Proc launch(@NonNull ProcStarter starter) throws IOException {
            if (!starter.quiet) {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < starter.commands.size(); i++) {
                    boolean masked = starter.masks != null && i < starter.masks.length && starter.masks[i];
                    line.append(i == 0 ? "" : " ").append(masked ? "********" : starter.commands.get(i));
                }
                String in = starter.pwd == null ? "" : "[" + starter.pwd.getName() + "] ";
                listener.getLogger().println(in + "$ " + line);
            }
            EnvVars env = new EnvVars(System.getenv());
            for (String e : starter.envs) {
                int equals = e.indexOf('=');
                env.override(e.substring(0, equals), e.substring(equals + 1));
            }
            ProcessBuilder builder = new ProcessBuilder(
                    starter.commands.stream().map(env::expand).toList());
            builder.directory(starter.pwd == null ? null : new File(starter.pwd.getRemote()));
            builder.environment().clear();
            builder.environment().putAll(env);
            return new Proc.LocalProc(builder, starter.stdout, starter.stderr, starter.stdin, starter.writeStdin);
        }

        @Override
        public void kill(Map<String, String> modelEnvVars) {
            // Jenkins reads every process' environment here; ProcessRun does so itself on Linux.
        }
    }

    /** Starts processes on an agent. */
    public static class RemoteLauncher extends Launcher {
        private final boolean isUnix;

        public RemoteLauncher(@NonNull TaskListener listener, @NonNull VirtualChannel channel, boolean isUnix) {
            super(listener, channel);
            this.isUnix = isUnix;
        }

        @Override
        public Proc launch(@NonNull ProcStarter ps) throws IOException {
            throw new IOException("There is no agent");
        }

        @Override
        public boolean isUnix() {
            return isUnix;
        }

        @Override
        public void kill(Map<String, String> modelEnvVars) throws IOException, InterruptedException {
            throw new IOException("There is no agent");
        }
    }
}
