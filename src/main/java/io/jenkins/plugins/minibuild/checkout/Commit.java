package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;

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
    static final String FORMAT = "--format=%H%n%an%n%ae%n%ct%n%B";

    private static final int LONGEST_MESSAGE = 10_000;

    /** @return null when an agent printed something else */
    @CheckForNull
    static Commit parse(List<String> lines) {
        if (lines.size() < 4 || !RefName.isCommit(lines.get(0))) {
            return null;
        }
        // Git lets a commit carry any number as its time.
        String seconds = lines.get(3);
        String message = String.join("\n", lines.subList(4, lines.size())).strip();
        return new Commit(
                lines.get(0),
                lines.get(1),
                lines.get(2),
                seconds.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(seconds)) : Instant.EPOCH,
                message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message);
    }
}
