package hudson.model;

/** A build of a {@link Project}. */
public abstract class Build<P extends Project<P, B>, B extends Build<P, B>> extends AbstractBuild<P, B> {}
