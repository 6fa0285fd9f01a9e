package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A DingTalk group robot. */
public final class DingTalkChannelConfiguration extends RobotChannelConfiguration {
    /** Takes what every channel of this kind has. */
    @DataBoundConstructor
    public DingTalkChannelConfiguration(String name, String urlCredentialsId) {
        super(name, urlCredentialsId);
    }

    @Override
    protected Markup markup() {
        return Markup.DINGTALK;
    }

    @Override
    protected int mostBytes() {
        return DingTalkSender.MOST_BYTES;
    }

    @Override
    protected List<Rate> rates() {
        return DingTalkSender.RATES;
    }

    @Override
    protected boolean isPictureByUrl() {
        return true;
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        return new DingTalkSender(
                secrets.http(),
                secrets.clock(),
                secrets.require(getUrlCredentialsId()),
                secrets.find(getSecretCredentialsId()));
    }

    /** Knows its form. */
    @Extension
    @Symbol("dingTalk")
    public static final class DescriptorImpl extends RobotDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.DingTalkSender_service();
        }

        /** Sends a test message. */
        @POST
        public FormValidation doTestMessage(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String name,
                @QueryParameter String language,
                @QueryParameter String urlCredentialsId,
                @QueryParameter String secretCredentialsId) {
            return test(item, language, () -> new DingTalkChannelConfiguration(name, urlCredentialsId)
                    .signedBy(secretCredentialsId));
        }
    }
}
