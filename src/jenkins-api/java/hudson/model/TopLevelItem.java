package hudson.model;

/** Can be in Jenkins itself. */
public interface TopLevelItem extends Item {}
