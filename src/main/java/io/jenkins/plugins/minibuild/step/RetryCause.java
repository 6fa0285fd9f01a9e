package io.jenkins.plugins.minibuild.step;

import hudson.model.Cause;
import hudson.model.TaskListener;
import java.io.IOException;

/** The cause of a retry: it names and links the build that is retried. Immutable. */
public final class RetryCause extends Cause {
    private final String job;
    private final int number;
    private final String url;
    private final int attempt;

    /**
     * @param url of the build that is retried, relative to Jenkins' root
     * @param attempt the number of the retry in its chain, from 1
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

    /** The number of the retry in its chain, from 1. */
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
