package io.jenkins.plugins.minibuild.limits.retention;

import hudson.ExtensionPoint;

/** How long files are kept. The section "Mini Build: limits" of the system configuration implements it. */
public interface RetentionSettings extends ExtensionPoint {
    /** Days after which the files that the plugin keeps with a build are deleted; 0 for never. */
    int getOutputDays();

    /** Days after which the QR code of a preview is deleted; 0 for never. */
    int getPreviewDays();

    /** Gigabytes that caches and mirrors may use on an agent; 0 for any number. */
    double getCacheGigabytes();
}
