package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.PrivateKey;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;

/**
 * Runs miniprogram-ci on the agent through {@code driver.js} and understands what it says.
 *
 * <p>Everything it writes there lies in one folder under the build's temporary folder that nobody else may read: the script,
 * the request, the private key until the script has read it, temporary files of miniprogram-ci, the picture of the QR code.
 * The folder is deleted however the run ends.
 *
 * <p>One instance is one run; it is not safe for use from several threads.
 */
final class CiDriver {

    private static final String QR_FILE = "qrcode.jpg";
    private static final int NOISE_LINES = 8;
    private static final int NOISE_LENGTH = 300;
    private static final int LONGEST_LINE = 256 * 1024;

    private final BuildContext context;
    private final CiLocation location;
    private final MiniProgram program;
    private final Progress progress;
    private final String marker;
    private final Deque<String> noise = new ArrayDeque<>();
    /** Files of the driver's folder by the artifact that they become. */
    private final Map<String, String> kept = new LinkedHashMap<>();

    private JsonNode result;
    private JsonNode error;

    CiDriver(BuildContext context, CiLocation location, MiniProgram program) {
        this.context = context;
        this.location = location;
        this.program = program;
        this.progress = new Progress(context.listener().getLogger(), context.clock());
        this.marker = "@mini-build-" + Long.toHexString(context.random().nextLong()) + "@";
    }

    /** Keeps a file that the driver writes into its folder, if it does, as an artifact. */
    CiDriver keep(String artifact, String file) {
        kept.put(artifact, file);
        return this;
    }

    /**
     * Runs one action.
     *
     * @param action {@code upload}, {@code preview} or {@code packNpm}
     * @param parameters what the driver reads besides; the values are passed on to miniprogram-ci
     * @param key the key that signs
     * @param project the folder to compile
     * @param explanation says what an error means
     * @throws AbortException when it fails; the message is for the user
     */
    DriverResult run(
            String action,
            ObjectNode parameters,
            PrivateKey key,
            FilePath project,
            Explanation explanation,
            Deadline deadline)
            throws IOException, InterruptedException {
        key.secrets().forEach(context.redactor()::add);
        FilePath folder = null;
        try {
            folder = context.temp().createTempDir("miniprogram", "");
            ObjectNode request = parameters
                    .deepCopy()
                    .put("marker", marker)
                    .put("action", action)
                    .put("module", location.module())
                    .put("appId", program.appId())
                    .put("type", program.type().symbol())
                    .put("projectPath", project.getRemote())
                    .put("timeoutMs", deadline.remaining().toMillis())
                    .put("keyFile", folder.child("key").getRemote())
                    .put("qrcode", folder.child(QR_FILE).getRemote());
            AgentAnswer.actOrNull(folder, new Prepare(script(), Json.text(request), key.pem()), Void.class);
            ProcessResult ended = start(folder, deadline);
            if (error != null) {
                DriverFailure failure = new DriverFailure(error, program.type());
                throw new CiFailureException(context.redactor().redact(explanation.of(failure)), failure);
            }
            if (result == null) {
                throw new AbortException(ended(ended.exitCode()));
            }
            for (Map.Entry<String, String> file : kept.entrySet()) {
                if (folder.child(file.getValue()).exists()) {
                    context.record().archive(file.getKey(), folder.child(file.getValue()));
                }
            }
            byte[] picture =
                    action.equals("preview") ? AgentAnswer.act(folder, new ReadPicture(), byte[].class) : new byte[0];
            return new DriverResult(result, picture);
        } catch (CommandTimeoutException e) {
            throw new AbortException(
                    Messages.CiDriver_timeout(minutes(deadline), progress.phase(), Explanation.HOST, lastNoise()));
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.CiDriver_noNode());
        } catch (AbortException e) {
            throw e;
        } catch (IOException e) {
            throw Explanation.isDiskFull(String.valueOf(e.getMessage()))
                    ? new AbortException(Messages.Explanation_diskFull())
                    : e;
        } finally {
            delete(folder);
        }
    }

    private ProcessResult start(FilePath folder, Deadline deadline) throws IOException, InterruptedException {
        return ProcessRun.command(
                        context.launcher(),
                        "node",
                        folder.child("driver.js").getRemote(),
                        folder.child("request.json").getRemote())
                .in(folder)
                .env(context.environment())
                .redactor(context.redactor())
                .deadline(deadline)
                .longestLine(LONGEST_LINE)
                .what("miniprogram-ci")
                .onLine(this::take)
                .run();
    }

    /** Takes a line of output, on the thread that reads it. */
    private synchronized void take(String line) {
        if (!line.startsWith(marker)) {
            if (!line.isBlank()) {
                noise.addLast(DriverFailure.clean(line));
                if (noise.size() > NOISE_LINES) {
                    noise.removeFirst();
                }
            }
            return;
        }
        JsonNode event;
        try {
            event = Json.MAPPER.readTree(line.substring(marker.length()));
        } catch (JsonProcessingException e) {
            noise.addLast(DriverFailure.clean(line));
            return;
        }
        switch (event.path("event").asText("")) {
            case "progress":
                progress.report(
                        event.path("phase").asText(""), event.path("message").asText(""));
                break;
            case "result":
                result = event;
                break;
            case "error":
                error = event;
                break;
            default:
                break;
        }
    }

    private String ended(int exitCode) {
        String last = lastNoise();
        if (Explanation.isDiskFull(last)) {
            return Messages.Explanation_diskFull();
        }
        // A shell tells a signal as 128 and its number, Java as the number with a minus or the same sum.
        boolean killed = exitCode == 137 || exitCode == 143 || exitCode == -9 || exitCode == -15;
        return killed ? Messages.CiDriver_killed(exitCode, last) : Messages.CiDriver_died(exitCode, last);
    }

    private synchronized String lastNoise() {
        if (noise.isEmpty()) {
            return "";
        }
        String last = noise.getLast();
        String shown = last.length() > NOISE_LENGTH ? last.substring(0, NOISE_LENGTH) + "..." : last;
        return " " + Messages.CiDriver_lastLine(context.redactor().redact(shown));
    }

    private static String minutes(Deadline deadline) {
        return BigDecimal.valueOf(deadline.length().toMillis())
                .divide(BigDecimal.valueOf(60_000), 2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Deletes the folder even when the build is being aborted, or the key would stay. */
    private void delete(@CheckForNull FilePath folder) throws InterruptedException {
        if (folder == null) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            folder.deleteRecursive();
        } catch (IOException e) {
            // An agent that is gone keeps the folder; the driver has deleted the key when it read it.
            context.listener().getLogger().println(Messages.CiDriver_notDeleted(folder.getRemote(), e.getMessage()));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String script() throws IOException {
        try (InputStream in = CiDriver.class.getResourceAsStream("driver.js")) {
            if (in == null) {
                throw new IOException("driver.js is missing in the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * What the driver reported at the end.
     *
     * @param json its result
     * @param picture the bytes of the QR code's file, not validated; empty for none
     */
    record DriverResult(JsonNode json, byte[] picture) {}

    /** Turns hundreds of events into a few lines: one when the phase changes, and at most one a second. */
    static final class Progress {
        private static final long INTERVAL_MS = 1000;
        private static final int LONGEST = 160;

        private final PrintStream log;
        private final Clock clock;
        private String phase = "";
        private long last;

        Progress(PrintStream log, Clock clock) {
            this.log = log;
            this.clock = clock;
        }

        synchronized void report(String newPhase, String message) {
            long now = clock.millis();
            if (newPhase.equals(phase) && now - last < INTERVAL_MS) {
                return;
            }
            phase = newPhase;
            last = now;
            String clean = DriverFailure.clean(message);
            String shown = clean.length() > LONGEST ? clean.substring(0, LONGEST) + "..." : clean;
            log.println(phase.equals("upload") ? Messages.CiDriver_uploading() : Messages.CiDriver_compiling(shown));
        }

        synchronized String phase() {
            return phase.isEmpty() ? "load" : phase;
        }
    }

    // ---- on the agent

    private static final class Prepare extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1L;
        private final String script;
        private final String request;
        private final String key;

        private Prepare(String script, String request, String key) {
            this.script = script;
            this.request = request;
            this.key = key;
        }

        @Override
        public Void invoke(File folder, VirtualChannel channel) throws IOException {
            Path path = folder.toPath();
            boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (posix) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            write(path.resolve("driver.js"), script, posix);
            write(path.resolve("request.json"), request, posix);
            write(path.resolve("key"), key, posix);
            return null;
        }

        /** Creates the file with its mode; changing the mode afterwards would leave a moment in which others could open it. */
        private static void write(Path file, String text, boolean posix) throws IOException {
            FileAttribute<?>[] attributes = posix
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            Set<? extends OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (SeekableByteChannel out = Files.newByteChannel(file, options, attributes)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
        }
    }

    private static final class ReadPicture extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] invoke(File folder, VirtualChannel channel) throws IOException {
            Path picture = folder.toPath().resolve(QR_FILE);
            if (!Files.isRegularFile(picture)) {
                return new byte[0];
            }
            try (InputStream in = Files.newInputStream(picture)) {
                return in.readNBytes(QrCode.LARGEST + 1);
            }
        }
    }
}
