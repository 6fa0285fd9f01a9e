package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.scm.ChangeLogParser;
import hudson.scm.RepositoryBrowser;
import hudson.scm.SCM;
import hudson.scm.SCMDescriptor;

/**
 * A checkout of this plugin as Jenkins sees it: what reads the list of changes, and where a change has a page. A Pipeline's build.xml keeps it. No job can choose
 * it as its source code management: that is the step's work, so its descriptor is registered nowhere.
 */
public final class CheckoutSourceAdapter extends SCM {
    private final String url;
    private final String branch;
    /** See {@link io.jenkins.plugins.minibuild.step.CheckoutNews}. */
    private final String page;

    CheckoutSourceAdapter(String url, String branch, String page) {
        this.url = url;
        this.branch = branch;
        this.page = page;
    }

    @NonNull
    @Override
    public String getKey() {
        return "mini-build " + url + " " + branch;
    }

    @Override
    @CheckForNull
    public RepositoryBrowser<?> getBrowser() {
        return page == null || page.isEmpty() ? null : new CommitBrowserAdapter(page);
    }

    @Override
    public ChangeLogParser createChangeLogParser() {
        return new ChangesParserAdapter();
    }

    @Override
    public SCMDescriptor<?> getDescriptor() {
        return new DescriptorImpl();
    }

    /** Only for Jenkins, which asks every source for one. */
    private static final class DescriptorImpl extends SCMDescriptor<CheckoutSourceAdapter> {
        DescriptorImpl() {
            super(CheckoutSourceAdapter.class, null);
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GiteeCheckoutStep_DisplayName();
        }
    }
}
