package hudson.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import org.jvnet.localizer.Localizable;

/** What one may do. */
public final class Permission {
    public final String name;

    private Permission(String name) {
        this.name = name;
    }

    public Permission(
            @NonNull PermissionGroup group,
            @NonNull String name,
            @CheckForNull Localizable description,
            @CheckForNull Permission impliedBy,
            @NonNull PermissionScope scope) {
        this(name);
    }

    /** Only here: Jenkins makes permissions in groups. */
    public static Permission named(String name) {
        return new Permission(name);
    }

    public String getId() {
        return name;
    }
}
