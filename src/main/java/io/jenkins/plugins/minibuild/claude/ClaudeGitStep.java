package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The base of those {@link ClaudeStep}s that reach the repository on its server.
 *
 * @param <R> what the task results in
 */
public abstract class ClaudeGitStep<R> extends ClaudeStep<R> {
    private String url;
    private String gitCredentialsId;

    /** The repository's address; null for the usual one, see the steps. */
    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String value) {
        url = Util.fixEmptyAndTrim(value);
    }

    /** What git takes; null for none. */
    @CheckForNull
    public String getGitCredentialsId() {
        return gitCredentialsId;
    }

    @DataBoundSetter
    public void setGitCredentialsId(@CheckForNull String value) {
        gitCredentialsId = Util.fixEmptyAndTrim(value);
    }

    /**
     * The name of a branch, tag or commit, trimmed; null for none.
     *
     * @throws IllegalArgumentException when it cannot be one
     */
    @CheckForNull
    protected static String checkedRef(@CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name != null && !FormAdapter.isVariable(name) && !RefName.isValid(name)) {
            throw new IllegalArgumentException(Messages.ClaudeGitStep_ref(name));
        }
        return name;
    }

    /**
     * Patterns of paths, trimmed; null for none.
     *
     * @throws IllegalArgumentException when one can match nothing
     */
    @CheckForNull
    protected static String checkedPaths(@CheckForNull String value) {
        String list = Util.fixEmptyAndTrim(value);
        if (list != null && !FormAdapter.isVariable(list)) {
            Glob.paths(list);
        }
        return list;
    }

    /** The form of these steps. */
    public abstract static class ClaudeGitStepDescriptor extends ClaudeStepDescriptor {
        @POST
        public ListBoxModel doFillGitCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String gitCredentialsId) {
            return gitCredentials(item, gitCredentialsId);
        }

        /** Checks the address; asks no server. */
        @POST
        public FormValidation doCheckUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    RepositoryUrl.parse(value);
                }
            });
        }
    }
}
