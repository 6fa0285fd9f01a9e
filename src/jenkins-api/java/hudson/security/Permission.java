package hudson.security;

/** What one may do. */
public final class Permission {
    public final String name;

    private Permission(String name) {
        this.name = name;
    }

    /** Only here: Jenkins makes permissions in groups. */
    public static Permission named(String name) {
        return new Permission(name);
    }

    public String getId() {
        return name;
    }
}
