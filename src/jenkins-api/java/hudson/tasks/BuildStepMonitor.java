package hudson.tasks;

/** How much of the previous build a step waits for. */
public enum BuildStepMonitor {
    NONE,
    STEP,
    BUILD
}
