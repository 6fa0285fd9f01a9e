package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** What stays of a build. */
public interface BuildRecord {
    /** The build's name for people, {@code shop #12}. */
    String displayName();

    /** The build as Jenkins finds it again, {@code team/shop#12}. */
    String id();

    /** The full name of the build's job, {@code team/shop}. */
    String jobName();

    /** The plugin's own folder among the build's files on the controller; it may have to be made. */
    Path folder();

    /** When the build began, by the controller's clock. */
    Instant started();

    /**
     * Keeps a file of the agent as an artifact.
     *
     * @param path its path among the artifacts, relative, with forward slashes
     */
    void archive(String path, FilePath file) throws IOException, InterruptedException;

    /** Keeps a short fact with the build, for {@link #recall} by later ones. Never a secret. */
    void remember(String key, String value) throws IOException;

    /** Keeps several facts at once; see {@link #remember}. */
    default void rememberAll(Map<String, String> facts) throws IOException {
        for (Map.Entry<String, String> each : facts.entrySet()) {
            remember(each.getKey(), each.getValue());
        }
    }

    /** Says that something happened, as {@link BuildNewsListener#fire} does; where nobody listens, nothing comes of it. */
    default void tell(String event) {}

    /** What the tasks of this build have remembered so far, by key. A copy. */
    Map<String, String> facts();

    /** The fact as the latest earlier build of the same job kept it; null if none did. */
    @CheckForNull
    String recall(String key);

    /** The fact as the build kept it that this one retries, or the one that that one retried; null if this is no retry. */
    @CheckForNull
    String recallRetried(String key);

    /** The commit that what started the build named; null if it named none. */
    @CheckForNull
    SourceCommit source();
}
