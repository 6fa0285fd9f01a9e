package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;

/** Can be resolved in an environment. */
public interface EnvironmentSpecific<T extends EnvironmentSpecific<T>> {
    T forEnvironment(@NonNull EnvVars environment);
}
