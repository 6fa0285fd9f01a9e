package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Feishu or Lark group robot, and an app that uploads pictures. */
public final class FeishuChannelConfiguration extends RobotChannelConfiguration {
    private String appId;
    private String appSecretCredentialsId;

    @DataBoundConstructor
    public FeishuChannelConfiguration(String name, String urlCredentialsId) {
        super(name, urlCredentialsId);
    }

    /** The id of the app that uploads pictures; null for none. */
    @CheckForNull
    public String getAppId() {
        return appId;
    }

    @DataBoundSetter
    public void setAppId(@CheckForNull String appId) {
        this.appId = Util.fixEmptyAndTrim(appId);
    }

    /** The id of the secret text with the app's secret; null for none. */
    @CheckForNull
    public String getAppSecretCredentialsId() {
        return appSecretCredentialsId;
    }

    @DataBoundSetter
    public void setAppSecretCredentialsId(@CheckForNull String appSecretCredentialsId) {
        this.appSecretCredentialsId = Util.fixEmptyAndTrim(appSecretCredentialsId);
    }

    @Override
    protected Markup markup() {
        return Markup.FEISHU;
    }

    @Override
    protected int mostBytes() {
        return FeishuSender.MOST_BYTES;
    }

    @Override
    protected List<Rate> rates() {
        return FeishuSender.RATES;
    }

    @Override
    boolean isPictureTested() {
        return appId != null;
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        String appSecret = secrets.find(appSecretCredentialsId);
        return new FeishuSender(
                secrets,
                secrets.require(getUrlCredentialsId()),
                secrets.find(getSecretCredentialsId()),
                appId == null || appSecret == null ? null : new FeishuSender.App(appId, appSecret));
    }

    @Extension
    @Symbol("feishu")
    public static final class DescriptorImpl extends RobotDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.FeishuSender_service();
        }

        @POST
        public ListBoxModel doFillAppSecretCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String appSecretCredentialsId) {
            return secrets(item, appSecretCredentialsId);
        }

        @POST
        public FormValidation doTestMessage(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String name,
                @QueryParameter String language,
                @QueryParameter String urlCredentialsId,
                @QueryParameter String secretCredentialsId,
                @QueryParameter String appId,
                @QueryParameter String appSecretCredentialsId) {
            return test(item, language, () -> {
                FeishuChannelConfiguration made = new FeishuChannelConfiguration(name, urlCredentialsId);
                made.setSecretCredentialsId(secretCredentialsId);
                made.setAppId(appId);
                made.setAppSecretCredentialsId(appSecretCredentialsId);
                return made;
            });
        }
    }
}
