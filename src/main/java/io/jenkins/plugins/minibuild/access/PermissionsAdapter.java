package io.jenkins.plugins.minibuild.access;

import hudson.Extension;
import hudson.model.Item;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import jenkins.model.Jenkins;

/** The plugin's own permissions, as they stand in Jenkins' tables of permissions under "Mini Build". An extension, so that they are there from the start. */
@Extension
public final class PermissionsAdapter {
    /** All of them. */
    public static final PermissionGroup GROUP =
            new PermissionGroup(PermissionsAdapter.class, Messages._PermissionsAdapter_group());

    /** May give a verdict on the change of a build; only administrators have it without being given it. */
    public static final Permission REVIEW = new Permission(
            GROUP, "Review", Messages._PermissionsAdapter_review(), Jenkins.ADMINISTER, PermissionScope.RUN);

    /**
     * May see code on the pages of builds, prompts, and what a model read and wrote. Who may see a workspace in Jenkins has it; {@link CodeAdapter} says who
     * else does.
     */
    public static final Permission VIEW_CODE = new Permission(
            GROUP, "ViewCode", Messages._PermissionsAdapter_viewCode(), Item.WORKSPACE, PermissionScope.RUN);
}
