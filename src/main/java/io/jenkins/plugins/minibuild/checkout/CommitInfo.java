package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was checked out.
 *
 * @param url the repository's address
 * @param branch the branch or tag; empty when only a commit was asked for
 * @param commit its id, 40 hexadecimal digits
 * @param author the author's name
 * @param email the author's address
 * @param time when it was committed
 * @param message the whole message
 * @param previousCommit what the job's latest earlier build checked out of the same repository; null if none did
 */
public record CommitInfo(
        String url,
        String branch,
        String commit,
        String author,
        String email,
        Instant time,
        String message,
        @CheckForNull String previousCommit)
        implements Serializable {

    /** The first line of the message. */
    public String subject() {
        return message.lines().findFirst().orElse("");
    }

    /** What a Pipeline is given: strings only, {@code previousCommit} empty if there is none, {@code time} in ISO 8601 (UTC). */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("url", url);
        map.put("branch", branch);
        map.put("commit", commit);
        map.put("author", author);
        map.put("email", email);
        map.put("time", time.toString());
        map.put("message", message);
        map.put("previousCommit", previousCommit == null ? "" : previousCommit);
        return map;
    }
}
