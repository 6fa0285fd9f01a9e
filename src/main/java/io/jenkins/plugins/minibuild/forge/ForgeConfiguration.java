package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** One service in {@link ForgesConfiguration}. Immutable. */
public final class ForgeConfiguration implements Describable<ForgeConfiguration> {
    private final String name;
    private final String kind;
    private final String webAddress;
    private final String apiAddress;
    private final boolean plainHttp;

    /**
     * Checks all values, see {@link KnownForge#of}.
     *
     * @param apiAddress null or empty for the place where services of the kind have their API
     * @throws IllegalArgumentException with a message for users
     */
    @DataBoundConstructor
    public ForgeConfiguration(
            String name, String kind, String webAddress, @CheckForNull String apiAddress, boolean plainHttp) {
        KnownForge known = KnownForge.of(name, kind, webAddress, apiAddress, plainHttp);
        this.name = known.name();
        this.kind = known.kind().word();
        this.webAddress = known.web().toString();
        this.apiAddress =
                Util.fixEmptyAndTrim(apiAddress) == null ? null : known.api().toString();
        this.plainHttp = plainHttp;
    }

    public String getName() {
        return name;
    }

    /** One of gitee, github, gitlab. */
    public String getKind() {
        return kind;
    }

    public String getWebAddress() {
        return webAddress;
    }

    /** Null for the place where services of the kind have their API. */
    @CheckForNull
    public String getApiAddress() {
        return apiAddress;
    }

    /** Whether the addresses may begin with {@code http://}. */
    public boolean isPlainHttp() {
        return plainHttp;
    }

    /** @throws IllegalArgumentException when a stored value cannot be: someone changed the file by hand */
    KnownForge known() {
        return KnownForge.of(name, kind, webAddress, apiAddress, plainHttp);
    }

    @Extension
    @Symbol("forge")
    public static final class DescriptorImpl extends Descriptor<ForgeConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ForgeConfiguration_displayName();
        }

        @POST
        public ListBoxModel doFillKindItems() {
            FormAdapter.checkConfigure(null);
            ListBoxModel items = new ListBoxModel();
            items.add("Gitee", ForgeKind.GITEE.word());
            items.add("GitHub Enterprise", ForgeKind.GITHUB.word());
            items.add("GitLab", ForgeKind.GITLAB.word());
            return items;
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return Util.fixEmptyAndTrim(value) == null && FormAdapter.mayConfigure(null)
                    ? FormValidation.error(Messages.KnownForge_name())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckWebAddress(@QueryParameter String value, @QueryParameter boolean plainHttp) {
            return FormAdapter.check(null, () -> KnownForge.checkedWeb(value, plainHttp));
        }

        @POST
        public FormValidation doCheckApiAddress(@QueryParameter String value, @QueryParameter boolean plainHttp) {
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.ok()
                    : FormAdapter.check(null, () -> KnownForge.checkedApi(value, plainHttp));
        }

        @POST
        public FormValidation doCheckPlainHttp(@QueryParameter boolean value) {
            return value && FormAdapter.mayConfigure(null)
                    ? FormValidation.warning(Messages.ForgeConfiguration_plainHttp())
                    : FormValidation.ok();
        }
    }
}
