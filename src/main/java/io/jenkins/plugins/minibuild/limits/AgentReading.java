package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.Serializable;
import java.util.List;

/**
 * What an agent measured for one block.
 *
 * @param residentBytes of all of its processes together; 0 if none runs
 * @param largest the processes that use most, at most {@value #MOST_PROCESSES}, the largest first
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
    private static final int MOST_PROCESSES = 100;
    private static final int LONGEST = 500;
    private static final long LARGEST = 1L << 60;

    AgentReading {
        AgentAnswer.number("The memory of the processes", residentBytes, 0, LARGEST);
        largest = AgentAnswer.list("The list of processes", largest, ProcessSize.class, MOST_PROCESSES);
        if (freeBytes != null) {
            AgentAnswer.number("The free space", freeBytes, 0, LARGEST);
        }
        AgentAnswer.number("The size of the workspace", workspaceBytes, 0, LARGEST);
        unknown = unknown == null ? null : shown(unknown);
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(LONGEST, text.length())).replaceAll("\\p{Cntrl}", "?");
    }

    /** One process. */
    record ProcessSize(long pid, String name, long residentBytes) implements Serializable {
        ProcessSize {
            AgentAnswer.number("The number of a process", pid, 0, Long.MAX_VALUE);
            name = shown(AgentAnswer.text("The name of a process", name, Integer.MAX_VALUE));
            AgentAnswer.number("The memory of a process", residentBytes, 0, LARGEST);
        }
    }
}
