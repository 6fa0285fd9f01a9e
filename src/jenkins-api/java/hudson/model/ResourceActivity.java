package hudson.model;

/** What may use things that only one can use at a time. */
public interface ResourceActivity extends ModelObject {}
