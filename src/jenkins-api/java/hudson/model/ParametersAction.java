package hudson.model;

/** The parameters of a build. */
public class ParametersAction extends InvisibleAction {}
