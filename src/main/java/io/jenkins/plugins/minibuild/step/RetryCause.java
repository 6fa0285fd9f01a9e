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
    /** 0 in a build of an older version of the plugin. */
    private final int first;

    /**
     * The build that is retried.
     *
     * @param url its page, relative to Jenkins' root
     * @param first the number of the build that the chain of retries began with
     */
    public record Retried(String job, int number, String url, int first) {}

    /** @param attempt the number of the retry of the first build, from 1 */
    public RetryCause(Retried build, int attempt) {
        this.job = build.job();
        this.number = build.number();
        this.url = build.url();
        this.attempt = attempt;
        this.first = build.first();
    }

    /** The number of the build that the chain of retries began with; 0 if that is not known. */
    public int getFirst() {
        return first;
    }

    /** The number of the build that is retried. */
    public int getNumber() {
        return number;
    }

    public String getUrl() {
        return url;
    }

    /** The number of the retry of the first build, from 1. */
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
