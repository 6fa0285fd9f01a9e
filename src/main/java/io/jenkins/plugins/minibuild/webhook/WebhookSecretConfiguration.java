package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The secret by which a service proves itself at the shared address. */
public final class WebhookSecretConfiguration implements Describable<WebhookSecretConfiguration> {
    private final String provider;
    private final String credentialsId;
    private String repositories;

    /**
     * @param provider gitee, github, gitlab or azure
     * @throws IllegalArgumentException naming the known services, for another
     */
    @DataBoundConstructor
    public WebhookSecretConfiguration(String provider, String credentialsId) {
        this.provider = Provider.parse(Util.fixNull(provider)).word();
        this.credentialsId = Util.fixNull(Util.fixEmptyAndTrim(credentialsId));
    }

    public String getProvider() {
        return provider;
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    /** The repositories whose deliveries the secret proves, {@code owner/name} or {@code host/owner/name}, separated by commas; null for all. */
    @CheckForNull
    public String getRepositories() {
        return repositories;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setRepositories(@CheckForNull String value) {
        checkedRepositories(value);
        repositories = Util.fixEmptyAndTrim(value);
    }

    Glob repositories() {
        return checkedRepositories(repositories);
    }

    private static Glob checkedRepositories(@CheckForNull String value) {
        return Glob.paths(Util.fixNull(value).toLowerCase(Locale.ROOT));
    }

    Provider provider() {
        return Provider.parse(provider);
    }

    @Extension
    @Symbol("webhookSecret")
    public static final class DescriptorImpl extends Descriptor<WebhookSecretConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.WebhookSecretConfiguration_displayName();
        }

        @POST
        public ListBoxModel doFillProviderItems() {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            ListBoxModel items = new ListBoxModel();
            for (Provider each : Provider.values()) {
                items.add(each.title(), each.word());
            }
            return items;
        }

        @POST
        public FormValidation doCheckRepositories(@QueryParameter String value) {
            return FormAdapter.check(null, () -> checkedRepositories(value));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            return WebhookTrigger.credentials(null, credentialsId);
        }
    }
}
