package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** A WeCom group robot. */
public final class WeComChannelConfiguration extends RobotChannelConfiguration {
    @DataBoundConstructor
    public WeComChannelConfiguration(String name, String urlCredentialsId) {
        super(name, urlCredentialsId);
    }

    @Override
    protected Markup markup() {
        return Markup.WECOM;
    }

    @Override
    protected int mostBytes() {
        return WeComSender.MOST_BYTES;
    }

    @Override
    protected List<Rate> rates() {
        return WeComSender.RATES;
    }

    @Override
    protected PictureStyle pictures() {
        return PictureStyle.APART;
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        return new WeComSender(secrets, secrets.require(getUrlCredentialsId()));
    }

    @Extension
    @Symbol("weCom")
    public static final class DescriptorImpl extends PlainRobotDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.WeComSender_service();
        }

        @Override
        protected RobotChannelConfiguration make(String name, String urlCredentialsId) {
            return new WeComChannelConfiguration(name, urlCredentialsId);
        }
    }
}
