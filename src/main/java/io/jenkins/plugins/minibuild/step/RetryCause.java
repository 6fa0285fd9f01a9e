package io.jenkins.plugins.minibuild.step;

import hudson.model.Cause;
import hudson.model.TaskListener;
import java.io.IOException;

/** That a build retries a failed one of the same job; links back to it. Immutable. */
public final class RetryCause extends Cause {
    private final String job;
    private final int number;
    private final String url;
    private final int attempt;

    /**
     * Takes what it retries.
     *
     * @param url of the build that is retried, relative to Jenkins' root
     * @param attempt which retry of its chain it is, from 1
     */
    public RetryCause(String job, int number, String url, int attempt) {
        this.job = job;
        this.number = number;
        this.url = url;
        this.attempt = attempt;
    }

    /** The number of the build that is retried. */
    public int getNumber() {
        return number;
    }

    public String getUrl() {
        return url;
    }

    /** Which retry of its chain it is, from 1. */
    public int getAttempt() {
        return attempt;
    }

    @Override
    public String getShortDescription() {
        return Messages.RetryCause_description(attempt, job, number);
    }

    @Override
    public void print(TaskListener listener) {
        try {
            listener.hyperlink("/" + url, getShortDescription());
            listener.getLogger().println();
        } catch (IOException e) {
            listener.getLogger().println(getShortDescription());
        }
    }
}
