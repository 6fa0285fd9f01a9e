package hudson.model;

/** Knows a kind of job property. */
public abstract class JobPropertyDescriptor extends Descriptor<JobProperty<?>> {
    protected JobPropertyDescriptor() {}

    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public boolean isApplicable(Class<? extends Job> jobType) {
        return true;
    }
}
