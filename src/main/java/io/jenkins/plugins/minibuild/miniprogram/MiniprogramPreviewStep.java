package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.FormValidation;
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
    private int scene = Preview.DEFAULT_SCENE;

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
        return scene;
    }

    /** See {@link #getScene}. */
    @DataBoundSetter
    public void setScene(int scene) {
        this.scene = Preview.checkScene(scene);
    }

    @Override
    public BuildTask<PreviewResult> task() {
        return task(() -> new Preview(parameters(), pagePath, searchQuery, scene));
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

        /** Checks the number of the scene. */
        @POST
        public FormValidation doCheckScene(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> Preview.checkScene(Integer.parseInt(value.trim())));
        }
    }
}
