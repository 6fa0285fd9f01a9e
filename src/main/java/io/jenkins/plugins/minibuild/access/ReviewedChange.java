package io.jenkins.plugins.minibuild.access;

import com.fasterxml.jackson.annotation.JsonIgnore;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * The change that a model reviews, that people approve and that a merge request offers: one object from the first to the last, so that what is approved is what
 * is merged. Immutable; stored as JSON.
 *
 * @param base where it is to be merged: the name of the branch (or the commit that was named instead), and the commit at which the head left it
 * @param head its newest side: the branch, empty if it is not known, and the newest commit, empty if the change is in no commit
 * @param url of the repository; empty if it is not known
 * @param diffSha256 of the whole diff from the commit of the base to that of the head, secrets not masked: 64 hexadecimal digits
 * @param hidden files of the change that show a secret, so that people see them masked
 * @param authors who wrote or committed it, as the commits say: {@code name <address>}
 */
public record ReviewedChange(
        Side base, Side head, String url, String diffSha256, Size size, List<String> hidden, List<String> authors) {
    /**
     * One side of a change.
     *
     * @param name a branch or a commit, as it was asked for
     * @param commit its id
     */
    public record Side(String name, String commit) {}

    /** The files that a change touches, and the lines that it adds and removes. */
    public record Size(int files, int additions, int deletions) {}

    /** Copies the lists. */
    public ReviewedChange {
        url = url == null ? "" : url;
        hidden = hidden == null ? List.of() : List.copyOf(hidden);
        authors = authors == null ? List.of() : List.copyOf(authors);
    }

    /** The branch that it is to be merged into; null if only a commit was named. */
    @CheckForNull
    @JsonIgnore
    public String target() {
        return base.name().isEmpty() || base.name().matches("[0-9a-f]{40}") ? null : base.name();
    }

    /** The same, its head under the name of a branch. */
    public ReviewedChange of(String branch) {
        return new ReviewedChange(base, new Side(branch, head.commit()), url, diffSha256, size, hidden, authors);
    }
}
