package hudson.init;

/** How far Jenkins' shutdown has come. */
public enum TermMilestone {
    STARTED,
    COMPLETED
}
