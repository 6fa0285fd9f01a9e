package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.Profile;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.miniprogram.profile.Versioning;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code miniprogramUpload}. */
public final class MiniprogramUploadStep extends MiniprogramStep<UploadResult> {

    private String version;
    private Boolean autoVersion;
    private boolean sourceMap;

    /** Everything has a default or comes from a profile; it is checked when the build runs. */
    @DataBoundConstructor
    public MiniprogramUploadStep() {}

    /** With what is needed without a profile. */
    public MiniprogramUploadStep(String appId, String privateKeyCredentialsId, String version) {
        setAppId(appId);
        setPrivateKeyCredentialsId(privateKeyCredentialsId);
        this.version = Util.fixEmptyAndTrim(version);
    }

    /** The version that people see; null for the profile's. */
    @CheckForNull
    public String getVersion() {
        return version;
    }

    @DataBoundSetter
    public void setVersion(@CheckForNull String version) {
        this.version = Util.fixEmptyAndTrim(version);
    }

    /** Whether the version is the one after the last, a boolean; null for what the profile says, or no. */
    @CheckForNull
    public Object getAutoVersion() {
        return autoVersion;
    }

    /** Takes a boolean, or its text as a form sends it; empty for what the profile says. */
    @DataBoundSetter
    public void setAutoVersion(@CheckForNull Object autoVersion) {
        this.autoVersion = flag("autoVersion", autoVersion);
    }

    /** Whether the source map is kept as an artifact. */
    public boolean isSourceMap() {
        return sourceMap;
    }

    @DataBoundSetter
    public void setSourceMap(boolean sourceMap) {
        this.sourceMap = sourceMap;
    }

    /** The robot, if it is known before the checkout. What is wrong with the parameters is said when the step runs. */
    @Override
    public Set<String> resources(Job<?, ?> job, EnvVars environment) {
        return resources(getApp() == null ? List.of() : MiniProgramsConfiguration.of(job), environment);
    }

    Set<String> resources(List<ProfileConfiguration> profiles, EnvVars environment) {
        TaskParameters known;
        try {
            known = parameters(getApp() == null ? null : ProfileConfiguration.find(profiles, getApp()));
        } catch (IllegalArgumentException e) {
            return Set.of();
        }
        Integer robot = known.robots().before(known.source().branchBefore(environment));
        return robot == null || isDoctor()
                ? Set.of()
                : Set.of(Robots.name(known.program().appId(), robot));
    }

    @Override
    Map<String, Object> given() {
        Map<String, Object> given = super.given();
        given.put("version", version);
        given.put("autoVersion", autoVersion);
        return given;
    }

    @Override
    String kind() {
        return MiniprogramAction.UPLOAD;
    }

    @Override
    public BuildTask<UploadResult> task() {
        return task(profile -> {
            TaskParameters parameters = parameters(profile).sourceMap(sourceMap);
            // A version that the step names is used as it is, even if the profile makes versions by itself.
            boolean automatic = autoVersion == null
                    ? version == null && profile != null && profile.versioning().isAutomatic()
                    : autoVersion;
            Versioning others = profile == null ? Versioning.DEFAULT : profile.versioning();
            return automatic
                    ? Upload.automatic(parameters, Profile.or(version, others.version()))
                    : new Upload(parameters, profile == null ? version : Profile.or(version, others.version()));
        });
    }

    @Override
    public Map<String, Object> toReturnValue(UploadResult result) {
        return result.toMap();
    }

    @Override
    protected void attach(Run<?, ?> run, UploadResult result) throws IOException {
        if (!result.isDoctor()) {
            show(run, MiniprogramAction.Entry.of(result), null);
        }
    }

    @Override
    protected String leftOpen(Run<?, ?> run) {
        List<OpenUpload> open = OpenUpload.in(BuildFactsAction.of(run));
        return open.isEmpty()
                ? Messages.OpenUpload_nothingSent()
                : open.stream().map(OpenUpload::shown).collect(Collectors.joining(" "));
    }

    @Extension
    @Symbol("miniprogramUpload")
    public static final class DescriptorImpl extends MiniprogramStepDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.UploadStep_displayName();
        }

        @POST
        public FormValidation doCheckVersion(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String app,
                @QueryParameter String autoVersion) {
            String other = Util.fixEmptyAndTrim(app) == null && "true".equals(autoVersion) ? autoVersion : app;
            return unless(other, item, value, () -> Upload.checkVersion(value));
        }

        @POST
        public ListBoxModel doFillAutoVersionItems(@CheckForNull @AncestorInPath Item item) {
            return flags(item);
        }
    }
}
