package hudson.scm;

/** What was checked out, for the next poll. */
public abstract class SCMRevisionState {}
