package hudson.model;

/** The listener of a build. */
public interface BuildListener extends TaskListener {}
