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

/** A DingTalk group robot, and an app that uploads pictures. */
public final class DingTalkChannelConfiguration extends RobotChannelConfiguration {
    private String appKey;
    private String appSecretCredentialsId;

    @DataBoundConstructor
    public DingTalkChannelConfiguration(String name, String urlCredentialsId) {
        super(name, urlCredentialsId);
    }

    /** The key of the app that uploads pictures; null for none. */
    @CheckForNull
    public String getAppKey() {
        return appKey;
    }

    @DataBoundSetter
    public void setAppKey(@CheckForNull String appKey) {
        this.appKey = Util.fixEmptyAndTrim(appKey);
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

    private boolean isUploading() {
        return appKey != null && appSecretCredentialsId != null;
    }

    @Override
    boolean isPictureTested() {
        return isUploading();
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
        return isUploading() ? PictureStyle.INSIDE : PictureStyle.BY_URL;
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        return new DingTalkSender(
                secrets,
                secrets.require(getUrlCredentialsId()),
                secrets.find(getSecretCredentialsId()),
                isUploading() ? new DingTalkSender.App(appKey, secrets.require(appSecretCredentialsId)) : null);
    }

    @Extension
    @Symbol("dingTalk")
    public static final class DescriptorImpl extends RobotDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.DingTalkSender_service();
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
                @QueryParameter String appKey,
                @QueryParameter String appSecretCredentialsId) {
            return test(item, language, () -> {
                DingTalkChannelConfiguration made = new DingTalkChannelConfiguration(name, urlCredentialsId);
                made.setSecretCredentialsId(secretCredentialsId);
                made.setAppKey(appKey);
                made.setAppSecretCredentialsId(appSecretCredentialsId);
                return made;
            });
        }
    }
}
