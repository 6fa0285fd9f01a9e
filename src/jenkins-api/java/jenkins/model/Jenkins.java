package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.PluginManager;
import hudson.init.InitMilestone;
import hudson.model.Actionable;
import hudson.model.Computer;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.io.File;
import java.util.List;
import java.util.Set;
import jenkins.util.io.OnMaster;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** The controller. There is none here: {@link #get} says so, as the real one does before it has started. */
public abstract class Jenkins extends Actionable implements AccessControlled, OnMaster, Loadable {
    public static final Permission ADMINISTER = Permission.named("Hudson.Administer");
    public static final Permission MANAGE = Permission.named("Hudson.Manage");
    public static final Permission READ = Permission.named("Hudson.Read");

    public static final Authentication ANONYMOUS2 =
            new AnonymousAuthenticationToken("anonymous", "anonymous", Set.of(new SimpleGrantedAuthority("anonymous")));

    private static Jenkins theInstance;

    @NonNull
    public static Jenkins get() throws IllegalStateException {
        Jenkins there = getInstanceOrNull();
        if (there != null) {
            return there;
        }
        throw new IllegalStateException(
                "Jenkins.instance is missing. Read the documentation of Jenkins.getInstanceOrNull.");
    }

    @CheckForNull
    public static Jenkins getInstanceOrNull() {
        return theInstance;
    }

    @SuppressWarnings("rawtypes")
    @NonNull
    public abstract Descriptor getDescriptorOrDie(Class type);

    public abstract <T extends Descriptor<?>> T getDescriptorByType(Class<T> type);

    public abstract Queue getQueue();

    @CheckForNull
    public abstract Computer getComputer(@NonNull String name);

    public abstract Computer[] getComputers();

    public abstract InitMilestone getInitLevel();

    public abstract boolean isTerminating();

    public abstract PluginManager getPluginManager();

    public abstract <T extends Item> List<T> getAllItems(Class<T> type);

    public abstract <T extends Item> Iterable<T> allItems(Class<T> type);

    @CheckForNull
    public abstract Item getItemByFullName(String fullName);

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
