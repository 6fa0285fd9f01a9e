package io.jenkins.plugins.minibuild.limits.retention;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.Serializable;
import java.util.List;

/**
 * What an agent says about one of its folders of caches. It names entries and says how large and how old they are; the controller knows
 * what kind of entries they are and where.
 *
 * @param entries at most {@value #MOST}
 */
record StoredCaches(List<Entry> entries) implements Serializable {
    static final int MOST = 10_000;
    /** 256 TB: even {@value #MOST} of them can be added up. */
    private static final long LARGEST = 1L << 48;

    private static final int LONGEST_NAME = 100;

    StoredCaches(@CheckForNull List<Entry> entries) {
        this.entries = AgentAnswer.list("The list of caches", entries, Entry.class, MOST);
    }

    /**
     * An entry.
     *
     * @param name it still has to be one that the folder {@linkplain CacheFolder#accepts accepts}
     * @param idleMillis since it was used
     */
    record Entry(String name, long bytes, long idleMillis) implements Serializable {
        Entry {
            AgentAnswer.text("The name of a cache", name, LONGEST_NAME);
            AgentAnswer.number("The size of a cache", bytes, 0, LARGEST);
            AgentAnswer.number("The age of a cache", idleMillis, 0, Long.MAX_VALUE);
        }
    }
}
