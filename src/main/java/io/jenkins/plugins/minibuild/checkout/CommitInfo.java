package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A commit that was checked out.
 *
 * @param url the repository's address
 * @param branch the branch or tag; empty when only a commit was asked for
 * @param head the commit
 * @param previousCommit what the job's latest earlier build checked out of the same repository; null if none did
 */
public record CommitInfo(
        String url,
        String branch,
        Commit head,
        @CheckForNull String previousCommit) implements Serializable {

    /** The commit's id. */
    public String commit() {
        return head.id();
    }

    public String author() {
        return head.author();
    }

    public String email() {
        return head.email();
    }

    public Instant time() {
        return head.time();
    }

    public String message() {
        return head.message();
    }

    /** The first line of the message. */
    public String subject() {
        return message().lines().findFirst().orElse("");
    }

    /** What a Pipeline is given: strings only, {@code previousCommit} empty if there is none, {@code time} in ISO 8601 (UTC). */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("url", url);
        map.put("branch", branch);
        map.put("commit", commit());
        map.put("author", author());
        map.put("email", email());
        map.put("time", time().toString());
        map.put("message", message());
        map.put("previousCommit", previousCommit == null ? "" : previousCommit);
        return map;
    }
}
