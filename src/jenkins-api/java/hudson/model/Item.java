package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import jenkins.util.io.OnMaster;

/** A job, a folder or the like. */
public interface Item extends PersistenceRoot, ModelObject, AccessControlled, OnMaster {
    Permission READ = Permission.named("Item.Read");
    Permission CONFIGURE = Permission.named("Item.Configure");
    Permission EXTENDED_READ = Permission.named("Item.ExtendedRead");
    Permission BUILD = Permission.named("Item.Build");
    Permission CANCEL = Permission.named("Item.Cancel");
    Permission WORKSPACE = Permission.named("Item.Workspace");

    ItemGroup<? extends Item> getParent();

    @NonNull
    String getName();

    @NonNull
    String getFullName();

    String getUrl();
}
