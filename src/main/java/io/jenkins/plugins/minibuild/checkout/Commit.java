package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.time.Instant;

/**
 * A commit as git describes it.
 *
 * @param id 40 or 64 hexadecimal digits
 * @param author the author's name
 * @param email the author's address
 * @param time when it was committed; 1970 when the commit carries no sensible time
 * @param message the whole message, at most 10,000 characters
 */
public record Commit(String id, String author, String email, Instant time, String message) implements Serializable {
    /** What {@code git log} is asked to print for {@link #parse}. */
    static final String FORMAT = "--format=%H%x00%an%x00%ae%x00%ct%x00%B";

    /** Longer paths are in no list of changes. */
    static final int LONGEST_PATH = 4096;

    private static final int LONGEST_MESSAGE = 10_000;

    /**
     * Reads what git printed. No field can hold a zero byte; any other separator may stand in a name.
     *
     * @return null when an agent printed something else
     */
    @CheckForNull
    static Commit parse(String printed) {
        String[] fields = printed.split("\0", 5);
        if (fields.length < 5 || !RefName.isCommit(fields[0])) {
            return null;
        }
        // Git lets a commit carry any number as its time.
        String seconds = fields[3];
        String message = fields[4].strip();
        return new Commit(
                fields[0],
                fields[1],
                fields[2],
                seconds.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(seconds)) : Instant.EPOCH,
                message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message);
    }
}
