package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Writes the logs of a run's steps: without secrets, each byte once, also if the controller is killed at any moment. Steps are meant by their places in the plan. Safe for
 * several threads; the pieces of one step come one after the other. {@link LogReader} reads what is written here, at the same time too.
 */
public final class LogStore implements Closeable {
    /** Logs whose files are open at once. */
    private static final int OPEN = 100;

    private final RunFolder folder;
    private final StepLog.Shared shared;
    private final Map<String, StepLog> logs = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Goes on where the last writer of a folder ended.
     *
     * @param redactor knows the secrets; those that it learns later are masked from then on
     * @param most bytes of a step's log; of what is longer only a notice is kept
     * @param clock milliseconds since 1970
     */
    public LogStore(RunFolder folder, Redactor redactor, long most, LongSupplier clock) throws IOException {
        this.folder = folder;
        AtomicLong numbers = new AtomicLong(lastNumber(folder.path().resolve("logs")));
        String notice = Messages.LogStore_long(most >> 20);
        shared = new StepLog.Shared(redactor, most, notice, clock, numbers::incrementAndGet);
    }

    private static long lastNumber(Path logs) throws IOException {
        long number = 0;
        if (!Files.isDirectory(logs)) {
            return number;
        }
        try (DirectoryStream<Path> jobs = Files.newDirectoryStream(logs, Files::isDirectory)) {
            for (Path job : jobs) {
                try (DirectoryStream<Path> steps = Files.newDirectoryStream(job, "*.log")) {
                    for (Path step : steps) {
                        try (LogIndex index = LogIndex.open(step)) {
                            number = Math.max(
                                    number, index == null ? 0 : index.last().seq());
                        }
                    }
                }
            }
        }
        return number;
    }

    /**
     * Up to where the output of a process is stored; from there on it has to be sent (again).
     *
     * @param part id of the process, as in {@link JobState.Part}; another attempt is another process, whose output begins at 0
     * @return bytes
     */
    public long known(int job, int step, String part) throws IOException {
        return with(job, step, log -> log.known(part));
    }

    /**
     * Adds what a process wrote. What is known already is left out. Bytes at the end that may be the beginning of a secret are held back until the next ones, or {@link #end},
     * decide.
     *
     * @param part id of the process
     * @param offset of the first byte in the output of the process
     * @throws IOException if it cannot be stored, or bytes before it are missing; then nothing behind {@link #known} counts, and the caller has to begin there again
     */
    public void append(int job, int step, String part, long offset, byte[] bytes) throws IOException {
        with(job, step, log -> {
            log.append(part, offset, bytes);
            return null;
        });
    }

    /** Adds a line of the controller's own, on a line of its own. */
    public void note(int job, int step, String line) throws IOException {
        with(job, step, log -> {
            log.note(line);
            return null;
        });
    }

    /** The process of a step has ended and all of its output was added: stores what is held back and closes the files. More can be added after all. */
    public void end(int job, int step) throws IOException {
        with(job, step, log -> {
            try {
                log.flush();
            } finally {
                log.end();
            }
            return null;
        });
        synchronized (logs) {
            logs.values().removeIf(StepLog::isEnded);
        }
    }

    /**
     * A stream into the log, for a step that the controller itself runs. Closing it ends the log.
     *
     * @param part differs from attempt to attempt
     */
    public OutputStream stream(int job, int step, String part) throws IOException {
        return new OutputStream() {
            private long at = known(job, step, part);

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
                append(job, step, part, at, Arrays.copyOfRange(bytes, offset, offset + length));
                at += length;
            }

            @Override
            public void close() throws IOException {
                end(job, step);
            }
        };
    }

    /** Closes the files. What is held back is not stored: the process may go on, and {@link #known} says that it has to be sent again. */
    @Override
    public void close() {
        synchronized (logs) {
            for (StepLog log : logs.values()) {
                log.lock.lock();
                try {
                    log.end();
                } finally {
                    log.lock.unlock();
                }
            }
            logs.clear();
        }
    }

    private interface Work<T> {
        T with(StepLog log) throws IOException;
    }

    private static String key(int job, int step) {
        return job + "/" + step;
    }

    private <T> T with(int job, int step, Work<T> work) throws IOException {
        while (true) {
            StepLog log;
            synchronized (logs) {
                log = logs.get(key(job, step));
                if (log == null || log.isEnded()) {
                    log = new StepLog(folder.log(job, step), shared);
                    logs.put(key(job, step), log);
                }
                limitOpen(log);
            }
            log.lock.lock();
            try {
                if (!log.isEnded()) {
                    return work.with(log);
                }
            } finally {
                log.lock.unlock();
            }
        }
    }

    /** Closes the files of logs that were not written for the longest time. */
    private void limitOpen(StepLog wanted) {
        long open = logs.values().stream().filter(StepLog::isOpen).count();
        for (Iterator<StepLog> each = logs.values().iterator(); open >= OPEN && each.hasNext(); ) {
            StepLog log = each.next();
            // One that is being written is in use, so another one is closed.
            if (log != wanted && log.lock.tryLock()) {
                try {
                    if (log.isOpen()) {
                        log.close();
                        open--;
                    }
                } finally {
                    log.lock.unlock();
                }
            }
        }
    }
}
