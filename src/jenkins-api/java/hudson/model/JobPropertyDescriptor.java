package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/** Knows a kind of job property. */
public abstract class JobPropertyDescriptor extends Descriptor<JobProperty<?>> {
    protected JobPropertyDescriptor() {}

    /** Declared anew with its narrower type: who calls {@code super} through the wider one calls itself. */
    @Override
    public JobProperty<?> newInstance(@Nullable StaplerRequest2 req, @NonNull JSONObject formData)
            throws FormException {
        return super.newInstance(req, formData);
    }

    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public boolean isApplicable(Class<? extends Job> jobType) {
        return true;
    }
}
