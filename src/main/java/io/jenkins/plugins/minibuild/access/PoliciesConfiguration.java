package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build: policies" of the system configuration: what no folder and no Jenkinsfile can weaken, and what only an administrator allows. */
@Extension
@Symbol("miniBuildPolicies")
public final class PoliciesConfiguration extends SectionConfiguration implements PersistentDescriptor {
    private PolicyConfiguration policy = new PolicyConfiguration();
    /** Null for none, as below. */
    private String sandboxOffJobs;

    private String builtInNodeJobs;

    static PoliciesConfiguration get() {
        return ExtensionList.lookupSingleton(PoliciesConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.PoliciesConfiguration_displayName();
    }

    /** What holds for all jobs. */
    public synchronized PolicyConfiguration getPolicy() {
        return policy == null ? new PolicyConfiguration() : policy;
    }

    @DataBoundSetter
    public synchronized void setPolicy(@CheckForNull PolicyConfiguration value) {
        policy = value == null ? new PolicyConfiguration() : value;
        save();
    }

    /** Patterns of full names of jobs that may say {@code sandbox: 'off'}; null for none. */
    @CheckForNull
    public synchronized String getSandboxOffJobs() {
        return sandboxOffJobs;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public synchronized void setSandboxOffJobs(@CheckForNull String value) {
        sandboxOffJobs = PolicyConfiguration.checked(value, Glob::names);
        save();
    }

    /** Patterns of full names of jobs whose Claude and mini-program steps may run on the built-in node; null for none. */
    @CheckForNull
    public synchronized String getBuiltInNodeJobs() {
        return builtInNodeJobs;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public synchronized void setBuiltInNodeJobs(@CheckForNull String value) {
        builtInNodeJobs = PolicyConfiguration.checked(value, Glob::names);
        save();
    }

    /**
     * What the administrators have set, with the plugin's defaults; without the folders of the job.
     *
     * @param job its full name; empty for none
     */
    synchronized Policy policyFor(String job) {
        return getPolicy()
                .policy("")
                .allowing(
                        Rule.matching("sandboxOffAllowed", sandboxOffJobs, job),
                        Rule.matching("builtInNodeAllowed", builtInNodeJobs, job))
                .withDefaults();
    }

    @POST
    public FormValidation doCheckSandboxOffJobs(@QueryParameter String value) {
        return checkJobs(value, Messages.PoliciesConfiguration_sandboxOff());
    }

    @POST
    public FormValidation doCheckBuiltInNodeJobs(@QueryParameter String value) {
        return checkJobs(value, Messages.PoliciesConfiguration_builtInNode());
    }

    /** Warns of what the jobs could then do. */
    private static FormValidation checkJobs(String value, String warning) {
        FormValidation checked = FormAdapter.check(null, () -> PolicyConfiguration.checked(value, Glob::names));
        return checked.kind == FormValidation.Kind.OK && !value.isBlank() && FormAdapter.mayConfigure(null)
                ? FormValidation.warning(warning)
                : checked;
    }
}
