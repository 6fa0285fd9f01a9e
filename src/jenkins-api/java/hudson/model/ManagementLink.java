package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.security.Permission;
import jenkins.model.Jenkins;

/** A page below Manage Jenkins. */
public abstract class ManagementLink implements ExtensionPoint, Action {
    @CheckForNull
    @Override
    public abstract String getIconFileName();

    public String getDescription() {
        return "";
    }

    @CheckForNull
    @Override
    public abstract String getUrlName();

    @NonNull
    public Permission getRequiredPermission() {
        return Jenkins.ADMINISTER;
    }

    @NonNull
    public Category getCategory() {
        return Category.UNCATEGORIZED;
    }

    /** The sections of that page. */
    public enum Category {
        CONFIGURATION,
        SECURITY,
        STATUS,
        TROUBLESHOOTING,
        TOOLS,
        MISC,
        UNCATEGORIZED
    }
}
