package io.jenkins.plugins.minibuild.access;

import hudson.Functions;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.AccessControlled;

/** The one rule on who sees code, prompts, tool results and pictures on the pages of builds. */
public final class CodeAdapter {
    private CodeAdapter() {}

    /** Whether the user may see code: with Mini Build/ViewCode, which Job/Workspace implies, and with Mini Build/Review, as a verdict needs it. */
    public static boolean maySee(AccessControlled build) {
        return build.hasPermission(PermissionsAdapter.VIEW_CODE) || build.hasPermission(PermissionsAdapter.REVIEW);
    }

    /** @throws org.springframework.security.access.AccessDeniedException if the user may not see code */
    public static void check(AccessControlled build) {
        if (!maySee(build)) {
            build.checkPermission(PermissionsAdapter.VIEW_CODE);
        }
    }

    /**
     * Checks who may have an artifact that a page shows, as Jenkins does for the artifact itself: Job/Read, and Run/Artifacts where an administrator has
     * enabled that permission.
     *
     * @throws org.springframework.security.access.AccessDeniedException if the user may not
     */
    public static void checkArtifact(Run<?, ?> build) {
        build.checkPermission(Item.READ);
        if (Functions.isArtifactsPermissionEnabled()) {
            build.checkPermission(Run.ARTIFACTS);
        }
    }
}
