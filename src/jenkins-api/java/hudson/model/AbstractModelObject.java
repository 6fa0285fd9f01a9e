package hudson.model;

/** The base of what has a page. */
public abstract class AbstractModelObject implements ModelObject {}
