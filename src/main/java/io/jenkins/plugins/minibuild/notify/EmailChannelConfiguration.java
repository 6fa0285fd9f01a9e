package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.tasks.Mailer;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import jenkins.model.JenkinsLocationConfiguration;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Email through the server that Jenkins is configured with. */
public final class EmailChannelConfiguration extends ChannelConfiguration {
    private String recipients;

    @DataBoundConstructor
    public EmailChannelConfiguration(String name) {
        super(name);
    }

    /** The addresses that get every message, separated by commas; null for those of the mentioned people only. */
    @CheckForNull
    public String getRecipients() {
        return recipients;
    }

    /** @throws IllegalArgumentException naming the text that is not an address */
    @DataBoundSetter
    public void setRecipients(@CheckForNull String recipients) {
        this.recipients = checkRecipients(recipients);
    }

    @CheckForNull
    static String checkRecipients(@CheckForNull String recipients) {
        String given = Util.fixEmptyAndTrim(recipients);
        for (String each : given == null ? new String[0] : given.split("[,;\\s]+")) {
            try {
                if (!each.isEmpty()) {
                    new InternetAddress(each, true).validate();
                }
            } catch (AddressException e) {
                throw new IllegalArgumentException(Messages.EmailChannelConfiguration_address(each), e);
            }
        }
        return given;
    }

    @Override
    protected Markup markup() {
        return Markup.HTML;
    }

    @Override
    protected int mostBytes() {
        return EmailSender.MOST_BYTES;
    }

    @Override
    protected List<Rate> rates() {
        return EmailSender.RATES;
    }

    @Override
    protected Sender sender(Secrets secrets) {
        return new EmailSender(
                Mailer.descriptor().createSession(),
                JenkinsLocationConfiguration.get().getAdminAddress(),
                Util.fixNull(recipients));
    }

    private EmailChannelConfiguration to(@CheckForNull String all) {
        setRecipients(all);
        return this;
    }

    @Extension
    @Symbol("email")
    public static final class DescriptorImpl extends ChannelDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.EmailSender_service();
        }

        @POST
        public FormValidation doCheckRecipients(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checkRecipients(value));
        }

        @POST
        public FormValidation doTestMessage(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String name,
                @QueryParameter String language,
                @QueryParameter String recipients) {
            return test(item, language, () -> new EmailChannelConfiguration(name).to(recipients));
        }
    }
}
