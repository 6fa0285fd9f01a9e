package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.build.BuildTask;
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
    /** Null for {@link QrFormat#IMAGE}. */
    private String qrcodeFormat;
    /** Null for the size in which it comes. */
    private Integer qrcodeSize;

    /** Takes what has no default; it is checked when the build runs. */
    @DataBoundConstructor
    public MiniprogramPreviewStep(String appId, String privateKeyCredentialsId) {
        super(appId, privateKeyCredentialsId);
    }

    /** The page that opens; null for the first one. */
    @CheckForNull
    public String getPagePath() {
        return pagePath;
    }

    /** See {@link #getPagePath}. */
    @DataBoundSetter
    public void setPagePath(@CheckForNull String pagePath) {
        this.pagePath = Util.fixEmptyAndTrim(pagePath);
    }

    /** The parameters of the page, {@code a=1&b=2}; null for none. */
    @CheckForNull
    public String getSearchQuery() {
        return searchQuery;
    }

    /** See {@link #getSearchQuery}. */
    @DataBoundSetter
    public void setSearchQuery(@CheckForNull String searchQuery) {
        this.searchQuery = Util.fixEmptyAndTrim(searchQuery);
    }

    /** The scene number that the program is told. */
    public int getScene() {
        return scene == null ? Preview.DEFAULT_SCENE : scene;
    }

    /** See {@link #getScene}. */
    @DataBoundSetter
    public void setScene(int scene) {
        int checked = Preview.checkScene(scene);
        this.scene = checked == Preview.DEFAULT_SCENE ? null : (Integer) checked;
    }

    /** The name of a {@link QrFormat}. */
    public String getQrcodeFormat() {
        return qrcodeFormat == null ? QrFormat.IMAGE.symbol() : qrcodeFormat;
    }

    /** See {@link #getQrcodeFormat}. */
    @DataBoundSetter
    public void setQrcodeFormat(@CheckForNull String qrcodeFormat) {
        QrFormat checked = QrFormat.of(qrcodeFormat);
        this.qrcodeFormat = checked == QrFormat.IMAGE ? null : checked.symbol();
    }

    /** Width and height of the picture in pixels; null for as it comes. */
    @CheckForNull
    public Integer getQrcodeSize() {
        return qrcodeSize;
    }

    /** See {@link #getQrcodeSize}. */
    @DataBoundSetter
    public void setQrcodeSize(@CheckForNull Integer qrcodeSize) {
        this.qrcodeSize = qrcodeSize == null ? null : (Integer) QrCode.checkSize(qrcodeSize);
    }

    @Override
    public BuildTask<PreviewResult> task() {
        return task(() -> new Preview(parameters(), pagePath, searchQuery, getScene())
                .qrcode(QrFormat.of(qrcodeFormat), qrcodeSize));
    }

    @Override
    public Map<String, Object> toReturnValue(PreviewResult result) {
        return result.toMap();
    }

    @Override
    protected void attach(Run<?, ?> run, PreviewResult result) throws IOException {
        show(run, MiniprogramAction.Entry.of(result), result.qrCode().jpeg());
    }

    /** Describes the step. */
    @Extension
    @Symbol("miniprogramPreview")
    public static final class DescriptorImpl extends MiniprogramStepDescriptor {

        @Override
        public String getFunctionName() {
            return "miniprogramPreview";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PreviewStep_displayName();
        }

        /** Checks that the page is a path. */
        @POST
        public FormValidation doCheckPagePath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> MiniProgram.checkRelative(value.replaceFirst("^/+", ""), "pagePath"));
        }

        /** Lists the formats. */
        @POST
        public ListBoxModel doFillQrcodeFormatItems(@CheckForNull @AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (mayConfigure(item)) {
                for (QrFormat format : QrFormat.values()) {
                    items.add(format.symbol(), format.symbol());
                }
            }
            return items;
        }

        /** Checks the size of the picture. */
        @POST
        public FormValidation doCheckQrcodeSize(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> {
                if (value != null && !value.isBlank()) {
                    QrCode.checkSize(Integer.parseInt(value.trim()));
                }
            });
        }

        /** Checks the number of the scene. */
        @POST
        public FormValidation doCheckScene(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> Preview.checkScene(Integer.parseInt(value.trim())));
        }
    }
}
