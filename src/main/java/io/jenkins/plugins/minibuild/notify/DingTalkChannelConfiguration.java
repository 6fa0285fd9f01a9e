package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** A DingTalk group robot. */
public final class DingTalkChannelConfiguration extends RobotChannelConfiguration {
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
    protected PictureStyle pictures() {
        return PictureStyle.BY_URL;
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        return new DingTalkSender(
                secrets, secrets.require(getUrlCredentialsId()), secrets.find(getSecretCredentialsId()));
    }

    @Extension
    @Symbol("dingTalk")
    public static final class DescriptorImpl extends PlainRobotDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.DingTalkSender_service();
        }

        @Override
        protected RobotChannelConfiguration make(String name, String urlCredentialsId) {
            return new DingTalkChannelConfiguration(name, urlCredentialsId);
        }
    }
}
