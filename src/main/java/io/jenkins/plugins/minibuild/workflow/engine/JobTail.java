package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One following of one job on the agent: knows what was told. The log of an attempt is told before its end, all logs before the end of the job. Used by the thread
 * of its {@link JobFollower}.
 */
@OnAgent
final class JobTail {
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Logger LOGGER = Logger.getLogger(JobTail.class.getName());

    private static final long LOOK_NANOS = 400_000_000L;
    /** The longest time between the start of a job and its process's first act, on a machine that is busy. */
    private static final long CLAIM_NANOS = 60_000_000_000L;
    /** Background processes of earlier steps can write, too. */
    private static final long OTHERS_NANOS = 1_000_000_000L;

    private final String job;
    private final int following;
    private final JobFiles files;
    private final JobFiles.Events events;
    private final Executor sweeper;
    private final Runnable wake;
    private final byte[] piece = new byte[JobNewsFormat.PIECE];
    /** What was told of the logs of the steps that have begun. */
    private final Map<Integer, Long> logs = new TreeMap<>();

    private final long begun = System.nanoTime();
    private int told;
    /** Read, and not told yet. */
    @CheckForNull
    private JobFiles.Event ahead;

    /** -1 for none. */
    private int running = -1;

    private long pid;
    private long looked = begun;
    private long others = begun;
    private long heard = begun - LOOK_NANOS;
    private boolean dead;

    @CheckForNull
    private JobFiles.Event end;

    @CheckForNull
    private JobNewsFormat.Loss loss;

    private boolean sweeping;
    private volatile boolean swept;
    private boolean over;

    /**
     * @param sweeper ends what ended jobs have left
     * @param wake is called when that is done
     */
    JobTail(String job, int following, JobFiles files, JobHost.Known from, Executor sweeper, Runnable wake) {
        this.job = job;
        this.following = following;
        this.files = files;
        this.events = files.events();
        this.told = from.events();
        this.logs.putAll(from.logs());
        this.sweeper = sweeper;
        this.wake = wake;
    }

    String job() {
        return job;
    }

    /** Whether it is a later following of the same job. */
    boolean replaces(JobTail other) {
        return job.equals(other.job) && following > other.following;
    }

    boolean isOver() {
        return over;
    }

    /** When something was told last, by {@link System#nanoTime}. */
    long heard() {
        return heard;
    }

    /** Adds what is new, as far as there is room. Returns whether there is more already. */
    boolean collect(JobNewsFormat.Writer news) {
        try {
            return collected(news);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The files of the job " + job + " cannot be read", e);
            end(JobNewsFormat.Loss.UNREADABLE, null);
            return finish(news, false);
        }
    }

    private boolean collected(JobNewsFormat.Writer news) throws IOException {
        if (sweeping) {
            return finish(news, true);
        }
        while (news.room() > 0) {
            JobFiles.Event event = next();
            if (event == null) {
                if (!pump(news, running)) {
                    return true;
                }
                if (!dead) {
                    return look(news);
                }
                // It was seen dead before this last look at its events.
                end(files.isMarked("killed") ? JobNewsFormat.Loss.KILLED : JobNewsFormat.Loss.DIED, null);
                return finish(news, true);
            }
            if (event.kind() == 'X') {
                end(null, event);
                return finish(news, true);
            }
            if (event.kind() == 'E' && !pump(news, event.step())) {
                return true;
            }
            tell(news, event);
        }
        return true;
    }

    /** The next event that was not told. A following that begins later learns from those that were which step runs. */
    @CheckForNull
    private JobFiles.Event next() throws IOException {
        while (ahead == null) {
            JobFiles.Event event = events.next();
            if (event == null) {
                return null;
            }
            if (event.number() > told) {
                ahead = event;
            } else if (event.kind() == 'S') {
                running = event.step();
                logs.putIfAbsent(running, 0L);
            }
        }
        return ahead;
    }

    private void tell(JobNewsFormat.Writer news, JobFiles.Event event) {
        told = event.number();
        ahead = null;
        heard = System.nanoTime();
        JobNews.Event known = new JobNews.Event(event.number(), event.at());
        int step = event.step();
        switch (event.kind()) {
            case 'S' -> {
                running = step;
                logs.putIfAbsent(step, 0L);
                news.started(job, following, known, step, event.attempt());
            }
            case 'K' -> news.skipped(job, following, known, step);
            default -> {
                boolean last = event.values()[3] == 1;
                news.stepEnded(
                        job,
                        following,
                        known,
                        new JobNewsFormat.StepResult(
                                step,
                                event.attempt(),
                                event.values()[2],
                                last,
                                last ? StepOutputs.read(files.output(step)) : StepOutputs.NONE));
            }
        }
    }

    /** Looks from time to time for what tells nothing by itself. */
    private boolean look(JobNewsFormat.Writer news) throws IOException {
        long now = System.nanoTime();
        if (now - others > OTHERS_NANOS) {
            others = now;
            if (!pumpAll(news)) {
                return true;
            }
        }
        if (now - looked < LOOK_NANOS && pid != 0) {
            return false;
        }
        looked = now;
        if (pid == 0) {
            pid = files.pid();
        }
        if (pid != 0) {
            dead = !files.isAlive(pid);
            return dead;
        }
        if (!files.isThere()) {
            end(JobNewsFormat.Loss.NO_FOLDER, null);
            return finish(news, true);
        }
        if (now - begun > CLAIM_NANOS) {
            end(JobNewsFormat.Loss.NOT_STARTED, null);
            return finish(news, true);
        }
        return false;
    }

    private void end(@CheckForNull JobNewsFormat.Loss why, @CheckForNull JobFiles.Event event) {
        if (sweeping) {
            return;
        }
        loss = why;
        end = event;
        sweeping = true;
        Path real = files.real();
        sweeper.execute(() -> {
            try {
                sweep(why == null ? JobSweep::marked : JobSweep::all);
            } finally {
                swept = true;
                wake.run();
            }
            if (why == null) {
                // Nobody waits for what a well-behaved job does not have.
                sweep((folder, id) -> JobSweep.steps(folder, id, real));
            }
        });
    }

    private interface Sweep {
        void end(JobFiles files, String job) throws IOException;
    }

    private void sweep(Sweep sweep) {
        try {
            sweep.end(files, job);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "Processes of the job " + job + " may be left", e);
        }
    }

    /** Tells the rest once nothing writes any more. */
    private boolean finish(JobNewsFormat.Writer news, boolean readable) {
        if (!swept || over) {
            return false;
        }
        try {
            if (readable && loss != JobNewsFormat.Loss.NO_FOLDER && !pumpAll(news)) {
                return true;
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The rest of the log of the job " + job + " cannot be read", e);
        }
        if (end != null) {
            news.ended(job, following, new JobNews.Event(end.number(), end.at()));
        } else {
            news.lost(job, following, loss);
        }
        over = true;
        return false;
    }

    /** Whether the following has just begun: what happened before the watching of its folder began wakes nobody. */
    boolean isYoung(long now) {
        return now - begun < YOUNG_NANOS;
    }

    private boolean pumpAll(JobNewsFormat.Writer news) throws IOException {
        for (int step : logs.keySet()) {
            if (!pump(news, step)) {
                return false;
            }
        }
        return true;
    }

    /** Tells of a step's log what there is. Returns whether that was all. */
    private boolean pump(JobNewsFormat.Writer news, int step) throws IOException {
        if (step < 0) {
            return true;
        }
        Path file = files.log(step);
        long from = logs.getOrDefault(step, 0L);
        long size = file.toFile().length();
        if (size <= from || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (from < size) {
                int most = (int) Math.min(Math.min(piece.length, news.room()), size - from);
                int read = most == 0 ? 0 : in.read(ByteBuffer.wrap(piece, 0, most), from);
                if (read < 0) {
                    return true;
                }
                if (read == 0) {
                    return false;
                }
                news.log(job, following, step, from, piece, read);
                from += read;
                logs.put(step, from);
                heard = System.nanoTime();
            }
        }
        return true;
    }
}
