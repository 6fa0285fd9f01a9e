package io.jenkins.plugins.minibuild.standin;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An agent in a JVM of its own, connected by Jenkins' remoting through its standard input and output, as an agent over SSH is. It has remoting's jar only: all
 * other classes come through the connection. Where only the slice of the Jenkins API is there, a test is skipped.
 */
public final class AgentJvm implements AutoCloseable {
    private final Process process;
    private final VirtualChannel channel;
    private final ExecutorService threads;

    private AgentJvm(Process process, VirtualChannel channel, ExecutorService threads) {
        this.process = process;
        this.channel = channel;
        this.threads = threads;
    }

    /** Whether there is a remoting. */
    public static boolean isPossible() {
        return builder() != null;
    }

    /** Starts one and connects it. */
    public static AgentJvm start(String... options) throws Exception {
        Class<?> builder = builder();
        assumeTrue(builder != null, "skipped: without Jenkins' jars there is no remoting");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", jar(builder)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "connection of an agent");
            thread.setDaemon(true);
            return thread;
        });
        Object made =
                builder.getConstructor(String.class, ExecutorService.class).newInstance("agent", threads);
        VirtualChannel channel = (VirtualChannel) builder.getMethod("build", InputStream.class, OutputStream.class)
                .invoke(made, process.getInputStream(), process.getOutputStream());
        return new AgentJvm(process, channel, threads);
    }

    private static Class<?> builder() {
        try {
            return Class.forName("hudson.remoting.ChannelBuilder");
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static String jar(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** The controller's way to it. */
    public VirtualChannel channel() {
        return channel;
    }

    /** A file of it. */
    public FilePath file(File file) {
        return new FilePath(channel, file.getPath());
    }

    /** Its process number. */
    public long pid() {
        return process.pid();
    }

    /** Kills it as a power cut would. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Closes the connection; then it ends by itself. */
    @Override
    public void close() throws Exception {
        channel.getClass().getMethod("close").invoke(channel);
        if (!process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        threads.shutdownNow();
    }
}
