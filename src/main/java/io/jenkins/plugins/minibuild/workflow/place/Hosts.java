package io.jenkins.plugins.minibuild.workflow.place;

import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.workflow.engine.JobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobNews;
import java.io.IOException;

/** The processes of jobs in one workspace: one {@link JobHost} for all of them, and a new one after the agent was away. Safe for several threads. */
public final class Hosts {
    private final Opener opener;
    private JobHost current;

    /** @param opener makes a host */
    public Hosts(Opener opener) {
        this.opener = opener;
    }

    /** Makes a host. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Makes a host on an agent that is connected.
         *
         * @throws IOException if it is not
         */
        JobHost open(BuildContext context, JobNews news) throws IOException, InterruptedException;
    }

    /** The host of the connection that there is now. */
    synchronized JobHost host(BuildContext context, JobNews news) throws IOException, InterruptedException {
        if (current == null) {
            Telling told = new Telling(news);
            current = opener.open(context, told);
            told.host = current;
        }
        return current;
    }

    private synchronized void forget(JobHost gone) {
        if (current == gone) {
            current = null;
        }
    }

    /** Stops following what is followed here; the processes go on. */
    public void close() throws IOException {
        JobHost last;
        synchronized (this) {
            last = current;
            current = null;
        }
        if (last != null) {
            last.close();
        }
    }

    /** Passes news on, and forgets the host whose agent is away. */
    private final class Telling implements JobNews {
        private final JobNews news;
        private volatile JobHost host;

        Telling(JobNews news) {
            this.news = news;
        }

        @Override
        public void stepStarted(String job, Event event, int step, int attempt) {
            news.stepStarted(job, event, step, attempt);
        }

        @Override
        public void stepSkipped(String job, Event event, int step) {
            news.stepSkipped(job, event, step);
        }

        @Override
        public void stepEnded(String job, Event event, int step, StepEnd end) {
            news.stepEnded(job, event, step, end);
        }

        @Override
        public void log(String job, int step, long offset, byte[] bytes) {
            news.log(job, step, offset, bytes);
        }

        @Override
        public void ended(String job, Event event) {
            news.ended(job, event);
        }

        @Override
        public void lost(String job, String reason) {
            news.lost(job, reason);
        }

        @Override
        public void away(String job, String reason) {
            forget(host);
            news.away(job, reason);
        }
    }
}
