package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.process.DetachedProcess;
import io.jenkins.plugins.minibuild.process.OnAgent;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends processes of a job on the agent. */
@OnAgent
final class JobSweep {
    private static final Logger LOGGER = Logger.getLogger(JobSweep.class.getName());

    private JobSweep() {}

    /** Ends what a step has started: TERM, KILL after three seconds. */
    static void step(JobFiles files, String id, int step) throws IOException {
        end(
                files,
                id,
                JobScript.MARK + "=" + id + "/" + step,
                files.real().resolve("io/log." + step).toString());
    }

    /** Ends what all steps have started and what has their mark. */
    static void marked(JobFiles files, String id) throws IOException {
        end(files, id, JobScript.MARK + "=" + id, null);
    }

    /**
     * Ends what all steps have started, also what has no mark any more and writes to a log still. That takes some milliseconds more.
     *
     * @param real the folder of the job as the kernel names it: it may be gone meanwhile
     */
    static void steps(JobFiles files, String id, Path real) throws IOException {
        end(files, id, JobScript.MARK + "=" + id, real + "/");
    }

    /** Ends the runner at once, then all others, containers too. */
    static void all(JobFiles files, String id) throws IOException {
        Path real = files.real();
        List<ProcessHandle> below = files.descendants().toList();
        long pid = files.pid();
        if (pid != 0 && files.isAlive(pid)) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        if (!new ProcessTreeKill(JobScript.RUNNER + "=" + id, Duration.ZERO, null, ContainerMounts.none()).call()) {
            below.forEach(ProcessHandle::destroyForcibly);
        }
        steps(files, id, real);
        containers(files, id);
    }

    /** Removes what containers of a job are left. */
    static void containers(JobFiles files, String id) throws IOException {
        files.engines().forEach(engine -> {
            String failure = DetachedProcess.removeContainers(engine, JobScript.LABEL + "=" + id);
            if (failure != null) {
                LOGGER.log(Level.WARNING, "Containers of the job {0} may be left: {1}", new Object[] {id, failure});
            }
        });
    }

    private static void end(JobFiles files, String id, String mark, @CheckForNull String held) throws IOException {
        // The runner itself writes to the log of the running step.
        ProcessTreeKill kill =
                new ProcessTreeKill(mark, ProcessRun.GRACE, JobScript.RUNNER + "=" + id, ContainerMounts.none());
        if (!(held == null ? kill : kill.orHolding(held)).call()) {
            List<ProcessHandle> all = files.descendants().toList();
            all.forEach(ProcessHandle::destroy);
            long limit = System.nanoTime() + ProcessRun.GRACE.toNanos();
            while (System.nanoTime() < limit && all.stream().anyMatch(ProcessHandle::isAlive)) {
                pause(20);
            }
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
