package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.Glob;

/**
 * Uploads that need a human approval of the very commit. Immutable.
 *
 * @param profiles patterns of names of profiles, separated by commas; {@code *} covers uploads without a profile too
 * @param branches patterns of the branches from which is uploaded, separated by commas
 * @param place the full name of a folder; empty for the system configuration
 */
public record UploadGate(String profiles, String branches, String place) {
    /** @throws IllegalArgumentException for a pattern that is none; the message is for users */
    public UploadGate {
        if (Glob.names(profiles).isEmpty()) {
            throw new IllegalArgumentException(Messages.UploadGate_profiles());
        }
        if (Glob.refs(branches).isEmpty()) {
            throw new IllegalArgumentException(Messages.UploadGate_branches());
        }
    }

    /**
     * Whether an upload needs the approval.
     *
     * @param profile empty for none
     * @param branch null if it is not known: then every gate of the profile holds
     */
    public boolean covers(String profile, @CheckForNull String branch) {
        return Glob.names(profiles).matches(profile)
                && (branch == null || Glob.refs(branches).matches(branch));
    }

    /** The error for an upload of a commit that nobody has approved. */
    public AbortException refusal(String commit) {
        return new AbortException(
                Messages.UploadGate_refused(Rule.source("uploadGates", place), profiles, branches, commit));
    }
}
