package jenkins.util.io;

/** Lives on the controller only. */
public interface OnMaster {}
