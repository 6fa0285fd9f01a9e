package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * What {@code createMergeRequest} is asked for; null for the default.
 *
 * @param url of the repository
 * @param provider gitee, github or gitlab, where the address does not say
 * @param requireApproval null: when people were asked in this build
 */
record MergeOptions(
        @CheckForNull String url,
        @CheckForNull String provider,
        @CheckForNull String source,
        @CheckForNull String target,
        @CheckForNull String title,
        @CheckForNull String description,
        List<String> labels,
        List<String> reviewers,
        boolean draft,
        boolean removeSourceBranch,
        @CheckForNull String credentialsId,
        @CheckForNull Boolean requireApproval) {}
