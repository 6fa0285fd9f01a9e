package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import java.io.File;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.MasterToSlaveFileCallable;
import jenkins.security.MasterToSlaveCallable;

/**
 * The one way to ask an agent something. What runs on an agent can replace the code that answers, so that anything can come back: an object of another
 * class, nothing, an error of the virtual machine. All of that ends in an {@link IOException} that says so. Or nothing comes back: every question ends after
 * its time, with an {@link AbortException} that says so.
 *
 * <p>The values inside an answer are checked where they are made: an answer of more than one value is a record, and a record's constructor also runs when the
 * record is read from the agent. {@link #number}, {@link #text} and {@link #list} are for these constructors.
 */
public final class AgentAnswer {
    /** What a question takes at the most, on a slow agent too: looking for a file, reading a project, hashing an installed tool. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private AgentAnswer() {}

    /**
     * Runs a callable on a file of an agent and waits for the answer, a quarter of an hour at the most. Interruptible: then it is interrupted on the agent, too.
     *
     * @throws IOException as the callable does, because the answer cannot be used, or because it has not come within this time
     */
    public static <T> T act(FilePath file, FilePath.FileCallable<T> work, Class<T> type)
            throws IOException, InterruptedException {
        return act(file, work, type, PATIENCE);
    }

    /** The same, for work that has a time of its own. */
    public static <T> T act(FilePath file, FilePath.FileCallable<T> work, Class<T> type, Duration patience)
            throws IOException, InterruptedException {
        return there(actOrNull(file, work, type, patience), type);
    }

    /** As {@link #act}; the answer may be null. */
    @CheckForNull
    public static <T> T actOrNull(FilePath file, FilePath.FileCallable<T> work, Class<T> type)
            throws IOException, InterruptedException {
        return actOrNull(file, work, type, PATIENCE);
    }

    /** The same, for work that has a time of its own. */
    @CheckForNull
    public static <T> T actOrNull(FilePath file, FilePath.FileCallable<T> work, Class<T> type, Duration patience)
            throws IOException, InterruptedException {
        return checked(() -> answered(file.actAsync(new SpokenOnFile<>(work)), patience), type);
    }

    /** As {@link #act}, for a callable that needs no file. */
    public static <T> T call(VirtualChannel channel, Callable<T, IOException> work, Class<T> type)
            throws IOException, InterruptedException {
        return call(channel, work, type, PATIENCE);
    }

    /** The same, for work that has a time of its own. */
    public static <T> T call(VirtualChannel channel, Callable<T, IOException> work, Class<T> type, Duration patience)
            throws IOException, InterruptedException {
        return there(checked(() -> answered(channel.callAsync(new Spoken<>(work)), patience), type), type);
    }

    /** Runs a callable on an agent without waiting. */
    public static <T> Pending<T> ask(VirtualChannel channel, Callable<T, IOException> work, Class<T> type)
            throws IOException {
        return new Pending<>(channel.callAsync(new Spoken<>(work)), type);
    }

    /** An answer that may not have come yet. */
    public static final class Pending<T> {
        private final Future<T> future;
        private final Class<T> type;

        private Pending(Future<T> future, Class<T> type) {
            this.future = future;
            this.type = type;
        }

        /**
         * Waits for the answer.
         *
         * @throws IOException as the callable does, because the answer cannot be used, or because it has not come within this time
         */
        public T within(Duration patience) throws IOException, InterruptedException {
            return there(checked(() -> answered(future, patience), type), type);
        }
    }

    // ---- for the constructors of answers

    /**
     * Checks a number of an answer.
     *
     * @throws IllegalArgumentException if it is outside these bounds
     */
    public static long number(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value);
        }
        return value;
    }

    /**
     * Checks a text of an answer.
     *
     * @throws IllegalArgumentException if it is null or longer than that
     */
    public static String text(String what, @CheckForNull String value, int longest) {
        if (value == null || value.length() > longest) {
            throw new IllegalArgumentException(
                    what + (value == null ? " is missing" : " has " + value.length() + " characters"));
        }
        return value;
    }

    /**
     * Checks a list of an answer and copies it.
     *
     * @throws IllegalArgumentException if it is null, has more elements than that, or an element of another type
     */
    public static <T> List<T> list(String what, @CheckForNull List<T> value, Class<T> type, int most) {
        if (value == null || value.size() > most) {
            throw new IllegalArgumentException(
                    what + (value == null ? " is missing" : " has " + value.size() + " entries"));
        }
        List<T> copy = new ArrayList<>();
        for (Object each : (List<?>) value) {
            if (!type.isInstance(each)) {
                throw new IllegalArgumentException(what + " has an entry that is no " + type.getSimpleName());
            }
            copy.add(type.cast(each));
        }
        return List.copyOf(copy);
    }

    // ---- how

    /** Does the work in the language of the thread that asked. */
    private static final class Spoken<T> extends MasterToSlaveCallable<T, IOException> {
        private static final long serialVersionUID = 1L;

        private final String language = BoundLocale.tag();
        private final Callable<T, IOException> work;

        Spoken(Callable<T, IOException> work) {
            this.work = work;
        }

        @Override
        public T call() throws IOException {
            try (BoundLocale spoken = BoundLocale.bind(BoundLocale.tagged(language))) {
                return work.call();
            }
        }
    }

    /** As {@link Spoken}. */
    private static final class SpokenOnFile<T> extends MasterToSlaveFileCallable<T> {
        private static final long serialVersionUID = 1L;

        private final String language = BoundLocale.tag();
        private final FilePath.FileCallable<T> work;

        SpokenOnFile(FilePath.FileCallable<T> work) {
            this.work = work;
        }

        @Override
        public T invoke(File file, VirtualChannel channel) throws IOException, InterruptedException {
            try (BoundLocale spoken = BoundLocale.bind(BoundLocale.tagged(language))) {
                return work.invoke(file, channel);
            }
        }
    }

    private static Object answered(Future<?> future, Duration patience)
            throws IOException, InterruptedException, ExecutionException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Jenkins sends the interruption of work on a file as the cause of an IOException.
            if (e.getCause() instanceof IOException failure) {
                if (failure.getCause() instanceof InterruptedException interrupted) {
                    throw interrupted;
                }
                throw failure;
            }
            throw e;
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new AbortException(Messages.AgentAnswer_late(patience.toSeconds()));
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        }
    }

    @CheckForNull
    private static <T> T checked(java.util.concurrent.Callable<?> question, Class<T> type)
            throws IOException, InterruptedException {
        Object answer;
        try {
            answer = question.call();
        } catch (ObjectStreamException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // Anything that code on the agent can throw; none of it is an error of this virtual machine.
            Throwable thrown = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw refused(thrown.toString(), thrown);
        }
        if (answer != null && !type.isInstance(answer)) {
            throw refused(answer.getClass().getName() + ", " + type.getName(), null);
        }
        return type.cast(answer);
    }

    private static <T> T there(@CheckForNull T answer, Class<T> type) throws IOException {
        if (answer == null) {
            throw refused("null, " + type.getName(), null);
        }
        return answer;
    }

    private static IOException refused(String why, @CheckForNull Throwable cause) {
        return new IOException(Messages.AgentAnswer_refused(why.length() > 300 ? why.substring(0, 300) : why), cause);
    }
}
