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

/** The step {@code miniprogramUpload}. */
public final class MiniprogramUploadStep extends MiniprogramStep<UploadResult> {

    private final String version;
    private boolean sourceMap;

    /** Takes what has no default; it is checked when the build runs. */
    @DataBoundConstructor
    public MiniprogramUploadStep(String appId, String privateKeyCredentialsId, String version) {
        super(appId, privateKeyCredentialsId);
        this.version = Util.fixNull(Util.fixEmptyAndTrim(version));
    }

    /** The version that people see. */
    public String getVersion() {
        return version;
    }

    /** Whether the source map is kept as an artifact. */
    public boolean isSourceMap() {
        return sourceMap;
    }

    /** See {@link #isSourceMap}. */
    @DataBoundSetter
    public void setSourceMap(boolean sourceMap) {
        this.sourceMap = sourceMap;
    }

    @Override
    public BuildTask<UploadResult> task() {
        return task(() -> new Upload(parameters().sourceMap(sourceMap), version));
    }

    @Override
    public Map<String, Object> toReturnValue(UploadResult result) {
        return result.toMap();
    }

    @Override
    protected void attach(Run<?, ?> run, UploadResult result) throws IOException {
        show(run, MiniprogramAction.Entry.of(result), null);
    }

    /** Describes the step. */
    @Extension
    @Symbol("miniprogramUpload")
    public static final class DescriptorImpl extends MiniprogramStepDescriptor {

        @Override
        public String getFunctionName() {
            return "miniprogramUpload";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.UploadStep_displayName();
        }

        /** Checks the version. */
        @POST
        public FormValidation doCheckVersion(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> Upload.checkVersion(value));
        }
    }
}
