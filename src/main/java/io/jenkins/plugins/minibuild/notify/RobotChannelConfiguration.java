package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A channel with an address and, perhaps, a secret for signatures; both are ids of secret texts. */
public abstract class RobotChannelConfiguration extends ChannelConfiguration {
    private final String urlCredentialsId;
    private String secretCredentialsId;

    /** @param urlCredentialsId the secret text that holds the address */
    protected RobotChannelConfiguration(@CheckForNull String name, @CheckForNull String urlCredentialsId) {
        super(name);
        this.urlCredentialsId = Util.fixEmptyAndTrim(urlCredentialsId);
    }

    /** The id of the secret text that holds the address; null if none was chosen. */
    @CheckForNull
    public String getUrlCredentialsId() {
        return urlCredentialsId;
    }

    /** The id of the secret text that signs; null for no signature. */
    @CheckForNull
    public String getSecretCredentialsId() {
        return secretCredentialsId;
    }

    @DataBoundSetter
    public void setSecretCredentialsId(@CheckForNull String secretCredentialsId) {
        this.secretCredentialsId = Util.fixEmptyAndTrim(secretCredentialsId);
    }

    /** Sets the secret, for test messages. */
    RobotChannelConfiguration signedBy(@CheckForNull String secret) {
        setSecretCredentialsId(secret);
        return this;
    }

    public abstract static class RobotDescriptor extends ChannelDescriptor {
        protected RobotDescriptor() {}

        @POST
        public ListBoxModel doFillUrlCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String urlCredentialsId) {
            return secrets(item, urlCredentialsId);
        }

        @POST
        public FormValidation doCheckUrlCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return checkSecret(item, value);
        }

        @POST
        public ListBoxModel doFillSecretCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String secretCredentialsId) {
            return secrets(item, secretCredentialsId);
        }
    }

    /** For a kind of service that has no other fields. */
    public abstract static class PlainRobotDescriptor extends RobotDescriptor {
        protected PlainRobotDescriptor() {}

        /**
         * Makes a channel from the fields of a form.
         *
         * @throws IllegalArgumentException when a field is wrong
         */
        protected abstract RobotChannelConfiguration make(String name, String urlCredentialsId);

        @POST
        public FormValidation doTestMessage(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String name,
                @QueryParameter String language,
                @QueryParameter String urlCredentialsId,
                @QueryParameter String secretCredentialsId) {
            return test(item, language, () -> make(name, urlCredentialsId).signedBy(secretCredentialsId));
        }
    }
}
