package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Adds to a page or to the URL space of what it is attached to. */
public interface Action extends ModelObject {
    @CheckForNull
    String getIconFileName();

    @Override
    @CheckForNull
    String getDisplayName();

    @CheckForNull
    String getUrlName();
}
