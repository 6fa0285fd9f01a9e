package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.scm.RepositoryBrowser;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;

/** The pages of commits at Gitee, GitHub, GitLab or Azure DevOps. */
public final class CommitBrowserAdapter extends RepositoryBrowser<ChangesAdapter.Entry> {
    private static final long serialVersionUID = 1L;

    /** An id is put behind it. */
    private final String page;

    CommitBrowserAdapter(String page) {
        this.page = page;
    }

    /** Null where the address of the repository makes no address of a page. */
    @Override
    @CheckForNull
    public URL getChangeSetLink(ChangesAdapter.Entry changeSet) {
        try {
            return URI.create(page + changeSet.getCommitId()).toURL();
        } catch (IllegalArgumentException | MalformedURLException e) {
            return null;
        }
    }
}
