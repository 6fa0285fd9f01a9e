package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Actionable;
import hudson.model.Descriptor;
import hudson.model.Node;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.io.File;
import jenkins.util.io.OnMaster;
import org.springframework.security.core.Authentication;

/** The controller. There is none here: {@link #get} says so, as the real one does before it has started. */
public abstract class Jenkins extends Actionable implements AccessControlled, OnMaster, Loadable {
    public static final Permission ADMINISTER = Permission.named("Hudson.Administer");
    public static final Permission MANAGE = Permission.named("Hudson.Manage");
    public static final Permission READ = Permission.named("Hudson.Read");

    @NonNull
    public static Jenkins get() throws IllegalStateException {
        throw new IllegalStateException(
                "Jenkins.instance is missing. Read the documentation of Jenkins.getInstanceOrNull.");
    }

    @CheckForNull
    public static Jenkins getInstanceOrNull() {
        return null;
    }

    @SuppressWarnings("rawtypes")
    @NonNull
    public abstract Descriptor getDescriptorOrDie(Class type);

    public abstract <T extends Descriptor<?>> T getDescriptorByType(Class<T> type);

    @CheckForNull
    public abstract Node getNode(String name);

    public File getRootDir() {
        return null;
    }

    @Nullable
    public abstract String getRootUrl() throws IllegalStateException;

    @NonNull
    public static Authentication getAuthentication2() {
        return hudson.security.ACL.SYSTEM2;
    }
}
