package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Any program that takes JSON. */
public final class WebhookChannelConfiguration extends RobotChannelConfiguration {
    @DataBoundConstructor
    public WebhookChannelConfiguration(String name, String urlCredentialsId) {
        super(name, urlCredentialsId);
    }

    @Override
    protected Markup markup() {
        return Markup.PLAIN;
    }

    @Override
    protected int mostBytes() {
        return WebhookSender.MOST_BYTES;
    }

    @Override
    protected List<Rate> rates() {
        return WebhookSender.RATES;
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        return new WebhookSender(
                secrets, secrets.require(getUrlCredentialsId()), secrets.find(getSecretCredentialsId()));
    }

    @Extension
    @Symbol("jsonWebhook")
    public static final class DescriptorImpl extends PlainRobotDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.WebhookSender_service();
        }

        @Override
        protected RobotChannelConfiguration make(String name, String urlCredentialsId) {
            return new WebhookChannelConfiguration(name, urlCredentialsId);
        }
    }
}
