package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.List;

/**
 * What an agent measured for one block.
 *
 * @param residentBytes of all of its processes together; 0 if none runs
 * @param largest the processes that use most, the largest first
 * @param freeBytes on the disk of the workspace that has least; null if that was not asked for or not known
 * @param workspaceBytes of the largest workspace; 0 if that was not asked for
 * @param unknown why the memory could not be measured; null if it was
 */
record AgentReading(
        long residentBytes,
        List<ProcessSize> largest,
        @CheckForNull Long freeBytes,
        long workspaceBytes,
        @CheckForNull String unknown)
        implements Serializable {

    /** One process. */
    record ProcessSize(long pid, String name, long residentBytes) implements Serializable {}
}
