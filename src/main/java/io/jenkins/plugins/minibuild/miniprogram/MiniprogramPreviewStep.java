package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.miniprogram.profile.PreviewSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.QrFormat;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.io.IOException;
import java.util.Map;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code miniprogramPreview}. */
public final class MiniprogramPreviewStep extends MiniprogramStep<PreviewResult> {

    private String pagePath;
    private String searchQuery;
    private Integer scene;
    private String qrcodeFormat;
    private Integer qrcodeSize;
    private Integer expire;

    /** Everything has a default or comes from a profile; it is checked when the build runs. */
    @DataBoundConstructor
    public MiniprogramPreviewStep() {}

    /** With what is needed without a profile. */
    public MiniprogramPreviewStep(String appId, String privateKeyCredentialsId) {
        setAppId(appId);
        setPrivateKeyCredentialsId(privateKeyCredentialsId);
    }

    /** The page that opens; null for the first one. */
    @CheckForNull
    public String getPagePath() {
        return pagePath;
    }

    @DataBoundSetter
    public void setPagePath(@CheckForNull String pagePath) {
        this.pagePath = Util.fixEmptyAndTrim(pagePath);
    }

    /** The parameters of the page, {@code a=1&b=2}; null for none. */
    @CheckForNull
    public String getSearchQuery() {
        return searchQuery;
    }

    @DataBoundSetter
    public void setSearchQuery(@CheckForNull String searchQuery) {
        this.searchQuery = Util.fixEmptyAndTrim(searchQuery);
    }

    /** The scene number that the program is told; null for the profile's, or 1011. */
    @CheckForNull
    public Integer getScene() {
        return scene;
    }

    @DataBoundSetter
    public void setScene(@CheckForNull Integer scene) {
        this.scene = scene == null ? null : (Integer) PreviewSettings.checkScene(scene);
    }

    /** The minutes for which the QR code counts as valid; null for the profile's, or 30. */
    @CheckForNull
    public Integer getExpire() {
        return expire;
    }

    @DataBoundSetter
    public void setExpire(@CheckForNull Integer expire) {
        this.expire = expire == null ? null : (Integer) PreviewSettings.checkExpire(expire);
    }

    /** The name of a {@link QrFormat}; null for the profile's, or {@link QrFormat#IMAGE}. */
    @CheckForNull
    public String getQrcodeFormat() {
        return qrcodeFormat;
    }

    @DataBoundSetter
    public void setQrcodeFormat(@CheckForNull String qrcodeFormat) {
        String name = Util.fixEmptyAndTrim(qrcodeFormat);
        this.qrcodeFormat =
                name == null || name.contains("$") ? name : QrFormat.of(name).symbol();
    }

    /** Width and height of the picture in pixels; null for the profile's, or as it comes. */
    @CheckForNull
    public Integer getQrcodeSize() {
        return qrcodeSize;
    }

    @DataBoundSetter
    public void setQrcodeSize(@CheckForNull Integer qrcodeSize) {
        this.qrcodeSize = qrcodeSize == null ? null : (Integer) PreviewSettings.checkSize(qrcodeSize);
    }

    @Override
    Map<String, Object> given() {
        Map<String, Object> given = super.given();
        given.put("pagePath", pagePath);
        given.put("searchQuery", searchQuery);
        given.put("scene", scene);
        given.put("expire", expire);
        given.put("qrcodeFormat", qrcodeFormat);
        given.put("qrcodeSize", qrcodeSize);
        return given;
    }

    @Override
    String kind() {
        return MiniprogramAction.PREVIEW;
    }

    @Override
    public BuildTask<PreviewResult> task() {
        return task(profile -> {
            PreviewSettings settings =
                    new PreviewSettings(qrcodeFormat, qrcodeSize, pagePath, searchQuery, scene, expire);
            PreviewSettings others = profile == null ? PreviewSettings.WITHOUT_PROFILE : profile.preview();
            return new Preview(parameters(profile), settings.or(others));
        });
    }

    @Override
    public Map<String, Object> toReturnValue(PreviewResult result) {
        return result.toMap();
    }

    @Override
    protected void attach(Run<?, ?> run, PreviewResult result) throws IOException {
        if (!result.isDoctor()) {
            show(run, MiniprogramAction.Entry.of(result), result.qrCode().jpeg());
        }
    }

    @Extension
    @Symbol("miniprogramPreview")
    public static final class DescriptorImpl extends MiniprogramStepDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PreviewStep_displayName();
        }

        @POST
        public FormValidation doCheckPagePath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> PreviewSettings.checkPage(value));
        }

        @POST
        public ListBoxModel doFillQrcodeFormatItems(@CheckForNull @AncestorInPath Item item) {
            return orProfile(item, QrFormat.symbols());
        }

        @POST
        public FormValidation doCheckQrcodeSize(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(
                    item, value, () -> PreviewSettings.checkSize(ProfileConfiguration.DescriptorImpl.number(value)));
        }

        @POST
        public FormValidation doCheckScene(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(
                    item, value, () -> PreviewSettings.checkScene(ProfileConfiguration.DescriptorImpl.number(value)));
        }

        @POST
        public FormValidation doCheckExpire(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(
                    item, value, () -> PreviewSettings.checkExpire(ProfileConfiguration.DescriptorImpl.number(value)));
        }
    }
}
