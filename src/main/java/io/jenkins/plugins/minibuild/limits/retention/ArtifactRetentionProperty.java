package io.jenkins.plugins.minibuild.limits.retention;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.JobProperty;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import jenkins.model.OptionalJobProperty;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** How long, and up to which size together, the artifacts of a job's builds are kept, whatever made them and wherever they are. */
public final class ArtifactRetentionProperty extends OptionalJobProperty<Job<?, ?>> {
    private int artifactDays;
    private double artifactGigabytes;

    /** Both rules are off until they are set. */
    @DataBoundConstructor
    public ArtifactRetentionProperty() {
        // the setters fill it
    }

    /** Days after the end of a build; 0 for any number. */
    public int getArtifactDays() {
        return artifactDays;
    }

    @DataBoundSetter
    public void setArtifactDays(int days) {
        artifactDays = checkDays(days);
    }

    /** Gigabytes of all builds of the job together; 0 for any number. */
    public double getArtifactGigabytes() {
        return artifactGigabytes;
    }

    @DataBoundSetter
    public void setArtifactGigabytes(double gigabytes) {
        artifactGigabytes = checkGigabytes(gigabytes);
    }

    private static int checkDays(int days) {
        if (days < 0) {
            throw new IllegalArgumentException(Messages.ArtifactRetention_negative("artifactDays", days));
        }
        return days;
    }

    private static double checkGigabytes(double gigabytes) {
        if (!(gigabytes >= 0) || Double.isInfinite(gigabytes)) {
            throw new IllegalArgumentException(Messages.ArtifactRetention_negative("artifactGigabytes", gigabytes));
        }
        return gigabytes;
    }

    @Extension
    @Symbol("miniBuildRetention")
    public static final class DescriptorImpl extends OptionalJobPropertyDescriptor {
        @Override
        public JobProperty<?> newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> super.newInstance(req, formData));
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ArtifactRetention_displayName();
        }

        @POST
        public FormValidation doCheckArtifactDays(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checkDays(FormAdapter.number(value)));
        }

        @POST
        public FormValidation doCheckArtifactGigabytes(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checkGigabytes(FormAdapter.decimal(value)));
        }
    }
}
