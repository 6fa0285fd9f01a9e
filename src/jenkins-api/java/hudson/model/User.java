package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Somebody who uses Jenkins; without Jenkins there is nobody. */
public class User extends AbstractModelObject {
    private User() {}

    @CheckForNull
    public static User getById(String id, boolean create) {
        return null;
    }

    @NonNull
    public static User getUnknown() {
        return new User();
    }

    @NonNull
    public static User getOrCreateByIdOrFullName(@NonNull String idOrFullName) {
        return new User();
    }

    public static boolean isIdOrFullnameAllowed(@CheckForNull String id) {
        return id != null && !id.isBlank();
    }

    @CheckForNull
    public static User current() {
        return null;
    }

    @NonNull
    public String getId() {
        return "";
    }

    @NonNull
    public String getFullName() {
        return "";
    }

    @Override
    public String getDisplayName() {
        return "";
    }

    @NonNull
    public Authentication impersonate2() throws UsernameNotFoundException {
        throw new IllegalStateException("no users without Jenkins");
    }
}
