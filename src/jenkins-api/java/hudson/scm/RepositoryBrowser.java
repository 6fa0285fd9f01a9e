package hudson.scm;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import java.io.IOException;
import java.io.Serializable;
import java.net.URL;

/** The web pages of a repository. */
public abstract class RepositoryBrowser<E extends ChangeLogSet.Entry>
        implements ExtensionPoint, Describable<RepositoryBrowser<?>>, Serializable {
    public abstract URL getChangeSetLink(E changeSet) throws IOException;
}
