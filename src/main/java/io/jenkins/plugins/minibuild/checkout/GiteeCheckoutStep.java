package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.RepositoryInfo;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.Services;
import io.jenkins.plugins.minibuild.step.ServicesAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code giteeCheckout}. */
public final class GiteeCheckoutStep extends TaskStep<CommitInfo> {
    private final String url;
    private String branch;
    private String commit;
    private String credentialsId;
    private String directory;
    /** Null for the default, as all below: a stored job that lacks one gets the default, not a zero. */
    private Integer depth;

    private boolean submodules;
    private boolean lfs;
    private Integer retries;
    private Boolean verify;
    private Boolean mirror;
    private boolean force;

    /** @param url the repository's address; it is checked when the build runs */
    @DataBoundConstructor
    public GiteeCheckoutStep(String url) {
        this.url = Util.fixNull(url).trim();
    }

    public String getUrl() {
        return url;
    }

    /** A branch, a tag or a whole ref name; null for the remote's default branch. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String value) {
        branch = FormAdapter.isVariable(value) ? value : Util.fixEmptyAndTrim(CheckoutOptions.checkedBranch(value));
    }

    /** The whole id of a commit; null for the newest. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String value) {
        commit = FormAdapter.isVariable(value) ? value : Util.fixEmptyAndTrim(CheckoutOptions.checkedCommit(value));
    }

    /** Null for a public repository. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String value) {
        credentialsId = Util.fixEmptyAndTrim(value);
    }

    /** A folder below the workspace; null for the workspace itself. */
    @CheckForNull
    public String getDirectory() {
        return directory;
    }

    @DataBoundSetter
    public void setDirectory(@CheckForNull String value) {
        directory =
                FormAdapter.isVariable(value) ? value : Util.fixEmptyAndTrim(CheckoutOptions.checkedDirectory(value));
    }

    /** How many commits of the history; 0 for all. */
    public int getDepth() {
        return depth == null ? CheckoutOptions.DEFAULT_DEPTH : depth;
    }

    @DataBoundSetter
    public void setDepth(int value) {
        int checked = CheckoutOptions.checkedDepth(value);
        depth = checked == CheckoutOptions.DEFAULT_DEPTH ? null : (Integer) checked;
    }

    public boolean isSubmodules() {
        return submodules;
    }

    @DataBoundSetter
    public void setSubmodules(boolean value) {
        submodules = value;
    }

    public boolean isLfs() {
        return lfs;
    }

    @DataBoundSetter
    public void setLfs(boolean value) {
        lfs = value;
    }

    public int getRetries() {
        return retries == null ? CheckoutOptions.DEFAULT_RETRIES : retries;
    }

    @DataBoundSetter
    public void setRetries(int value) {
        int checked = CheckoutOptions.checkedRetries(value);
        retries = checked == CheckoutOptions.DEFAULT_RETRIES ? null : (Integer) checked;
    }

    public boolean isVerify() {
        return verify == null || verify;
    }

    @DataBoundSetter
    public void setVerify(boolean value) {
        verify = value ? null : Boolean.FALSE;
    }

    public boolean isMirror() {
        return mirror == null || mirror;
    }

    @DataBoundSetter
    public void setMirror(boolean value) {
        mirror = value ? null : Boolean.FALSE;
    }

    public boolean isForce() {
        return force;
    }

    @DataBoundSetter
    public void setForce(boolean value) {
        force = value;
    }

    @Override
    public BuildTask<CommitInfo> task() {
        return context -> {
            try {
                return GitCheckout.of(url)
                        .branch(branch)
                        .commit(commit)
                        .credentialsId(credentialsId)
                        .directory(directory)
                        .depth(getDepth())
                        .submodules(submodules)
                        .lfs(lfs)
                        .retries(getRetries())
                        .verify(isVerify())
                        .mirror(isMirror())
                        .force(force)
                        .local(context.workspace().isRemote())
                        .build()
                        .run(context);
            } catch (IllegalArgumentException e) {
                throw (AbortException) new AbortException(e.getMessage()).initCause(e);
            }
        };
    }

    @Override
    public Map<String, Object> toReturnValue(CommitInfo result) {
        return result.toMap();
    }

    @Extension
    @Symbol("giteeCheckout")
    public static final class DescriptorImpl extends TaskStepDescriptor {
        /** How long the form waits for the server. */
        private static final Duration TEST_PATIENCE = Duration.ofSeconds(20);

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GiteeCheckoutStep_DisplayName();
        }

        /** The address, unless it holds a secret or is none at all. */
        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            try {
                return RepositoryUrl.parse(Objects.toString(namedArgs.get("url"), ""))
                        .text();
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String url,
                @QueryParameter String credentialsId) {
            return FormAdapter.credentials(item, url, credentialsId, FormAdapter.repositoryLogins());
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String url) {
            String id = Util.fixEmptyAndTrim(value);
            if (!FormAdapter.mayConfigure(item) || id == null || FormAdapter.isVariable(id)) {
                return FormValidation.ok();
            }
            return find(item, id, url) == null
                    ? FormValidation.error(Messages.GiteeCheckoutStep_NoCredential())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> RepositoryUrl.parse(value));
        }

        @POST
        public FormValidation doCheckBranch(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CheckoutOptions.checkedBranch(value));
        }

        @POST
        public FormValidation doCheckCommit(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CheckoutOptions.checkedCommit(value));
        }

        @POST
        public FormValidation doCheckDirectory(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CheckoutOptions.checkedDirectory(value));
        }

        @POST
        public FormValidation doCheckDepth(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CheckoutOptions.checkedDepth(FormAdapter.number(value)));
        }

        @POST
        public FormValidation doCheckRetries(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CheckoutOptions.checkedRetries(FormAdapter.number(value)));
        }

        /**
         * Asks the service whether the credential may read the repository, and whether it has the branch. A server that is not configured never gets the
         * credential.
         */
        @POST
        public FormValidation doTestRepository(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String url,
                @QueryParameter String branch,
                @QueryParameter String credentialsId)
                throws InterruptedException {
            FormAdapter.checkCredentialUse(item);
            try {
                RepositoryUrl address = RepositoryUrl.parse(url);
                Services services = ServicesAdapter.of(null);
                Optional<Forge> forge = ForgeAccess.find(Forges.of(services), address);
                if (forge.isEmpty()) {
                    return FormValidation.ok(Messages.GiteeCheckoutStep_NoApi(address.host()));
                }
                String id = Util.fixEmptyAndTrim(credentialsId);
                StandardCredentials credential = id == null ? null : find(item, id, url);
                if (id != null && credential == null) {
                    return FormValidation.error(Messages.GiteeCheckoutStep_NoCredential());
                }
                return tested(services, forge.get(), address, Util.fixEmptyAndTrim(branch), credential);
            } catch (IllegalArgumentException | IOException e) {
                return FormValidation.error(Messages.GiteeCheckoutStep_CannotConnect(e.getMessage()));
            }
        }

        static FormValidation tested(
                Services services,
                Forge forge,
                RepositoryUrl address,
                @CheckForNull String branch,
                @CheckForNull StandardCredentials credential)
                throws IOException, InterruptedException {
            if (address.isHttp() && (credential == null || credential instanceof StringCredentials)) {
                // The service says better than git what a token lacks.
                RepositoryInfo info = forge.lookUp(address.owner(), address.name(), ForgeAccess.token(credential));
                if (branch == null || FormAdapter.isVariable(branch)) {
                    return FormValidation.ok(Messages.GiteeCheckoutStep_Found(
                            info.fullName(), info.defaultBranch() == null ? "-" : info.defaultBranch()));
                }
            }
            boolean named = branch != null && !FormAdapter.isVariable(branch);
            String found =
                    RemoteCheck.branch(services, address.text(), named ? branch : null, credential, TEST_PATIENCE);
            String name = address.owner() + "/" + address.name();
            return FormValidation.ok(
                    named
                            ? Messages.GiteeCheckoutStep_FoundBranch(name, found)
                            : Messages.GiteeCheckoutStep_Found(name, found));
        }

        @CheckForNull
        private static StandardCredentials find(@CheckForNull Item item, String id, String url) {
            return CredentialsMatchers.firstOrNull(
                    CredentialsProvider.lookupCredentialsInItem(
                            StandardCredentials.class,
                            item,
                            FormAdapter.authentication(item),
                            URIRequirementBuilder.fromUri(url).build()),
                    CredentialsMatchers.withId(id));
        }
    }
}
