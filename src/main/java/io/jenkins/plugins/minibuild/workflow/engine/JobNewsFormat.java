package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** News of jobs as bytes: an agent writes them, the controller reads and checks them. */
final class JobNewsFormat {
    /** Bytes of log in one piece. */
    static final int PIECE = 256 * 1024;
    /** Bytes of log in one call. */
    static final int CALL = 4 * PIECE;
    /** Names that a step may write. */
    static final int MOST_OUTPUTS = 200;
    /** Bytes that a step may write as outputs. */
    static final int MOST_OUTPUT_BYTES = 64 * 1024;

    static final String OUTPUT_NAME = "[A-Za-z_][A-Za-z0-9_-]*";

    private static final int MOST_STEPS = 10_000;
    private static final int MOST_ATTEMPTS = 1_000;
    /** The year 2200. */
    private static final long LAST_TIME = 7_258_118_400_000L;

    private JobNewsFormat() {}

    /** What a piece of news is about. */
    enum Kind {
        STARTED,
        SKIPPED,
        STEP_ENDED,
        LOG,
        ENDED,
        LOST
    }

    /** What can be wrong with what a step wrote as outputs. */
    enum OutputProblem {
        NONE,
        /** A line without a name that may be used. */
        LINE,
        TOO_MANY,
        TOO_LONG,
        UNREADABLE
    }

    /** Why a job's process is no more. */
    enum Loss {
        NO_FOLDER,
        NOT_STARTED,
        DIED,
        KILLED,
        UNREADABLE
    }

    /**
     * One piece of news.
     *
     * @param following which following of the job it belongs to
     */
    record Item(String job, int following, What what) {}

    /** What a piece of news says. */
    sealed interface What {}

    record Started(JobNews.Event event, int step, int attempt) implements What {}

    record Skipped(JobNews.Event event, int step) implements What {}

    record StepEnded(JobNews.Event event, StepResult result) implements What {}

    record Log(int step, long offset, byte[] bytes) implements What {}

    record Ended(JobNews.Event event) implements What {}

    record Lost(Loss why) implements What {}

    // ---- the agent

    /** Collects news of one call. Not safe for several threads. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        private final DataOutputStream out = new DataOutputStream(bytes);
        private int logged;

        boolean isEmpty() {
            return bytes.size() == 0;
        }

        /** How many bytes of log it takes still. */
        int room() {
            // Outputs count too.
            return Math.max(0, CALL - Math.max(logged, bytes.size()));
        }

        byte[] take() {
            byte[] all = bytes.toByteArray();
            bytes.reset();
            logged = 0;
            return all;
        }

        private DataOutputStream begin(Kind kind, String job, int following) throws IOException {
            out.writeByte(kind.ordinal());
            out.writeUTF(job);
            out.writeInt(following);
            return out;
        }

        void started(String job, int following, JobNews.Event event, int step, int attempt) {
            write(() -> {
                event(begin(Kind.STARTED, job, following), event).writeInt(step);
                out.writeInt(attempt);
            });
        }

        void skipped(String job, int following, JobNews.Event event, int step) {
            write(() -> event(begin(Kind.SKIPPED, job, following), event).writeInt(step));
        }

        void stepEnded(String job, int following, JobNews.Event event, StepResult result) {
            write(() -> {
                event(begin(Kind.STEP_ENDED, job, following), event).writeInt(result.step());
                out.writeInt(result.attempt());
                out.writeInt(result.code());
                out.writeBoolean(result.last());
                out.writeByte(result.outputs().problem().ordinal());
                out.writeInt(result.outputs().line());
                out.writeInt(result.outputs().values().size());
                for (Map.Entry<String, String> each : result.outputs().values().entrySet()) {
                    text(each.getKey());
                    text(each.getValue());
                }
            });
        }

        void log(String job, int following, int step, long offset, byte[] piece, int length) {
            write(() -> {
                begin(Kind.LOG, job, following).writeInt(step);
                out.writeLong(offset);
                out.writeInt(length);
                out.write(piece, 0, length);
            });
            logged += length;
        }

        void ended(String job, int following, JobNews.Event event) {
            write(() -> event(begin(Kind.ENDED, job, following), event));
        }

        void lost(String job, int following, Loss why) {
            write(() -> begin(Kind.LOST, job, following).writeByte(why.ordinal()));
        }

        private DataOutputStream event(DataOutputStream to, JobNews.Event event) throws IOException {
            to.writeInt(event.number());
            to.writeLong(event.at());
            return to;
        }

        private void text(String text) throws IOException {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(encoded.length);
            out.write(encoded);
        }

        private interface Writing {
            void write() throws IOException;
        }

        private static void write(Writing writing) {
            try {
                writing.write();
            } catch (IOException e) {
                throw new UncheckedIOException("memory does not fail", e);
            }
        }
    }

    /** How a step ended, on the agent. */
    record StepResult(int step, int attempt, int code, boolean last, StepOutputs outputs) {}

    // ---- the controller

    /** Reads the news of one call. */
    static final class Reader {
        private final DataInputStream in;
        private final ByteArrayInputStream bytes;

        Reader(byte[] news) {
            bytes = new ByteArrayInputStream(news);
            in = new DataInputStream(bytes);
        }

        /**
         * The next piece; null after the last.
         *
         * @throws IllegalArgumentException if what an agent sent is no such thing, or larger than it may be
         */
        @CheckForNull
        Item next() {
            try {
                return bytes.available() == 0 ? null : item();
            } catch (IOException e) {
                throw new IllegalArgumentException(e instanceof EOFException ? "it ends early" : e.getMessage(), e);
            }
        }

        private Item item() throws IOException {
            Kind kind = constant(Kind.values(), "kind");
            String job = AgentAnswer.text("the job", in.readUTF(), 200);
            int following = in.readInt();
            return new Item(
                    job,
                    following,
                    switch (kind) {
                        case STARTED -> new Started(event(), step(), attempt());
                        case SKIPPED -> new Skipped(event(), step());
                        case STEP_ENDED -> new StepEnded(event(), result());
                        case LOG ->
                            new Log(
                                    step(),
                                    AgentAnswer.number("the offset", in.readLong(), 0, Long.MAX_VALUE >> 1),
                                    exactly((int) AgentAnswer.number("the length", in.readInt(), 1, PIECE)));
                        case ENDED -> new Ended(event());
                        case LOST -> new Lost(constant(Loss.values(), "reason"));
                    });
        }

        private JobNews.Event event() throws IOException {
            int number = (int) AgentAnswer.number("the number of an event", in.readInt(), 1, 10_000_000);
            return new JobNews.Event(number, AgentAnswer.number("the time of an event", in.readLong(), 0, LAST_TIME));
        }

        private StepResult result() throws IOException {
            int step = step();
            int attempt = attempt();
            int code = (int) AgentAnswer.number("the exit code", in.readInt(), 0, 1023);
            boolean last = in.readBoolean();
            OutputProblem problem = constant(OutputProblem.values(), "problem");
            int line = (int) AgentAnswer.number("the line", in.readInt(), 0, MOST_OUTPUT_BYTES + 1L);
            int count = (int) AgentAnswer.number("the number of outputs", in.readInt(), 0, MOST_OUTPUTS);
            Map<String, String> outputs = new LinkedHashMap<>();
            int left = MOST_OUTPUT_BYTES;
            for (int i = 0; i < count; i++) {
                byte[] name = exactly((int) AgentAnswer.number("the length of a name", in.readInt(), 1, left));
                left -= name.length;
                byte[] value = exactly((int) AgentAnswer.number("the length of an output", in.readInt(), 0, left));
                left -= value.length;
                String text = new String(name, StandardCharsets.UTF_8);
                if (!text.matches(OUTPUT_NAME)) {
                    throw new IllegalArgumentException("an output has no usable name");
                }
                outputs.put(text, new String(value, StandardCharsets.UTF_8));
            }
            return new StepResult(step, attempt, code, last, new StepOutputs(outputs, problem, line));
        }

        private byte[] exactly(int length) throws IOException {
            if (length > bytes.available()) {
                throw new EOFException();
            }
            return in.readNBytes(length);
        }

        private <T> T constant(T[] all, String what) throws IOException {
            return all[(int) AgentAnswer.number("the " + what, in.readUnsignedByte(), 0, all.length - 1L)];
        }

        private int step() throws IOException {
            return (int) AgentAnswer.number("the step", in.readInt(), 0, MOST_STEPS - 1L);
        }

        private int attempt() throws IOException {
            return (int) AgentAnswer.number("the attempt", in.readInt(), 1, MOST_ATTEMPTS);
        }
    }
}
