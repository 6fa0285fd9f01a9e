package hudson.security;

/** Where a permission can be given. */
public final class PermissionScope {
    public static final PermissionScope RUN = new PermissionScope();

    private PermissionScope() {}
}
