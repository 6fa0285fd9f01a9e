package io.jenkins.plugins.minibuild.step;

import java.util.List;

/** What an admin has configured for all jobs, or the owner of a job for it alone. */
public interface NamedSettings {
    /** All settings of a kind that this build may use, the job's own first. */
    <T> List<T> all(Class<T> kind);
}
