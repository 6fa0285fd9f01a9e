package io.jenkins.plugins.minibuild.access;

import java.io.IOException;

/** What people have decided about commits in the human reviews of a build's job, on the controller. A room that keeps reviews gives it to tasks. */
@FunctionalInterface
public interface Approvals {
    /**
     * How many different people have approved a commit: the newest decision about it counts, and is 0 unless it was an approval.
     *
     * @param commit its full id
     * @throws IOException when a record of a decision cannot be read: it must not count as none
     */
    int of(String commit) throws IOException;
}
