package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.function.BiFunction;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** Who may do what. */
public abstract class ACL {
    public static final String SYSTEM_USERNAME = "SYSTEM";
    public static final Authentication SYSTEM2 = new UsernamePasswordAuthenticationToken("SYSTEM", "SYSTEM");

    public final void checkPermission(@NonNull Permission p) {
        if (!hasPermission(p)) {
            throw new AccessDeniedException("missing the " + p.name + " permission");
        }
    }

    public final boolean hasPermission(@NonNull Permission p) {
        return hasPermission2(SYSTEM2, p);
    }

    public abstract boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission);

    @NonNull
    public static ACLContext as2(@NonNull Authentication auth) {
        return new ACLContext();
    }

    public static ACL lambda2(BiFunction<Authentication, Permission, Boolean> impl) {
        return new ACL() {
            @Override
            public boolean hasPermission2(Authentication a, Permission permission) {
                return impl.apply(a, permission);
            }
        };
    }
}
