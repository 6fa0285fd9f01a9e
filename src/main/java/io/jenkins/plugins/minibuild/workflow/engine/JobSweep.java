package io.jenkins.plugins.minibuild.workflow.engine;

import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.process.DetachedProcess;
import io.jenkins.plugins.minibuild.process.OnAgent;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import java.io.IOException;
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
        end(files, JobScript.MARK + "=" + id + "/" + step);
    }

    /** Ends what all steps have started. */
    static void steps(JobFiles files, String id) throws IOException {
        end(files, JobScript.MARK + "=" + id);
    }

    /** Ends the runner at once, then all others, containers too. */
    static void all(JobFiles files, String id) throws IOException {
        List<ProcessHandle> below = files.descendants().toList();
        long pid = files.pid();
        if (pid != 0 && files.isAlive(pid)) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        if (!kill(JobScript.RUNNER + "=" + id, Duration.ZERO)) {
            below.forEach(ProcessHandle::destroyForcibly);
        }
        steps(files, id);
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

    private static void end(JobFiles files, String mark) throws IOException {
        if (!kill(mark, ProcessRun.GRACE)) {
            List<ProcessHandle> all = files.descendants().toList();
            all.forEach(ProcessHandle::destroy);
            long limit = System.nanoTime() + ProcessRun.GRACE.toNanos();
            while (System.nanoTime() < limit && all.stream().anyMatch(ProcessHandle::isAlive)) {
                pause(20);
            }
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Whether this system can find processes by their mark. */
    private static boolean kill(String mark, Duration grace) throws IOException {
        return new ProcessTreeKill(mark, grace, null, ContainerMounts.none()).call();
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
