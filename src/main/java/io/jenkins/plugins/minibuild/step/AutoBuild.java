package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A configured build that a push can start.
 *
 * @param id by which it is found again; it never changes, and nothing else ever has it
 * @param name its unique name for people
 * @param pushes what a push does
 * @param repository its address; null for none
 * @param branch null for the repository's default
 * @param job the full name of the job to start; null for none
 * @param credentialsId of the credential for the repository; null for none
 */
public record AutoBuild(
        String id,
        String name,
        Pushes pushes,
        @CheckForNull String repository,
        @CheckForNull String branch,
        @CheckForNull String job,
        @CheckForNull String credentialsId) {
    private static final String OF_JOB = "job/";

    /** What a push to the repository does. */
    public enum Pushes {
        /** Nothing: it is not configured that pushes start it. */
        IGNORED,
        /** Nothing: pushes would start it, but it is switched off. */
        SWITCHED_OFF,
        /** Starts it. */
        START
    }

    /** Whether it is configured that pushes start it. */
    public boolean wanted() {
        return pushes != Pushes.IGNORED;
    }

    /** Whether pushes start it: it is wanted, and not switched off. */
    public boolean on() {
        return pushes == Pushes.START;
    }

    /** The name of one that belongs to a job: no other has a slash in its name. */
    public static String nameOfJobsOwn(String job) {
        return OF_JOB + job;
    }

    /** Whether it belongs to its job. */
    public boolean isJobsOwn() {
        return id.startsWith(OF_JOB);
    }
}
