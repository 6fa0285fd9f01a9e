package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.Locale;

/**
 * A merge request (a pull request where GitHub and Gitee say so) as its service describes it.
 *
 * @param number as people and addresses name it: GitLab's {@code iid}
 * @param url its page, http or https
 * @param commit the newest commit of its source branch, 40 or more hexadecimal digits; null when the service does not say
 */
public record MergeRequest(
        long number,
        String url,
        State state,
        String title,
        Branches branches,
        boolean draft,
        @CheckForNull String commit)
        implements Serializable {

    public String source() {
        return branches.source();
    }

    public String target() {
        return branches.target();
    }

    /** What became of it. */
    public enum State {
        OPEN,
        MERGED,
        CLOSED;

        /** As in parameters, answers and APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
