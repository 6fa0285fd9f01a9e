package io.jenkins.plugins.minibuild.step;

import java.util.List;

/** The settings of the administrators for all jobs, and the settings of a job for itself. */
public interface NamedSettings {
    /** All settings of a kind that this build may use, the job's own first. */
    <T> List<T> all(Class<T> kind);
}
