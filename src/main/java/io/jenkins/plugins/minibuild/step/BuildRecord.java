package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** The build that a task runs in: its names, its folder, its artifacts, and the facts that later builds read. */
public interface BuildRecord {
    /** The build's name for people, {@code shop #12}. */
    String displayName();

    /** The id by which Jenkins finds the build again, {@code team/shop#12}. */
    String id();

    /** The full name of the build's job, {@code team/shop}. */
    String jobName();

    /** The plugin's folder among the build's files on the controller; it need not exist. */
    Path folder();

    /** The plugin's folder among the job's files on the controller, for what outlives the build; it need not exist. */
    Path jobFolder();

    /** When the build began, by the controller's clock. */
    Instant started();

    /**
     * Archives a file of the agent as an artifact.
     *
     * @param path its path among the artifacts, relative, with forward slashes
     */
    void archive(String path, FilePath file) throws IOException, InterruptedException;

    /**
     * Archives several files of the agent as artifacts.
     *
     * @param paths where they are below the folder, by their paths among the artifacts; all relative, with forward slashes
     * @param folder on the agent, which nobody else writes into
     */
    void archiveAll(Map<String, String> paths, FilePath folder) throws IOException, InterruptedException;

    /** Keeps a fact with the build; later builds read it with {@link #recall}. */
    void remember(Fact fact, String value) throws IOException;

    /** Keeps several facts with the build. */
    default void rememberAll(Map<Fact, String> facts) throws IOException {
        for (Map.Entry<Fact, String> each : facts.entrySet()) {
            remember(each.getKey(), each.getValue());
        }
    }

    /** Reports an event of the build to every {@link BuildNewsListener}. */
    default void report(BuildEvent event) {}

    /**
     * Tells every {@link CheckoutNewsListener} that the build has checked out a commit.
     *
     * @param folder into which
     */
    default void checkedOut(FilePath folder, CheckoutNews news) {}

    /** A copy of the facts that the tasks of this build have kept so far. */
    Map<Fact, String> facts();

    /** The fact of the latest earlier build of the job that kept it; null if none did. */
    @CheckForNull
    String recall(Fact fact);

    /** The fact of the build that this build retries, or of the one which that build retried; null if this build is no retry. */
    @CheckForNull
    String recallRetried(Fact fact);

    /** The commit that the cause of the build named; null if it named none. */
    @CheckForNull
    SourceCommit source();
}
