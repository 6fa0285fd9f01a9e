package hudson.model;

import java.util.Map;

/** What a build wrapper sets up. */
public abstract class Environment {
    public void buildEnvVars(Map<String, String> env) {}
}
