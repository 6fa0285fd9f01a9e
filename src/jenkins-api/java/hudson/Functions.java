package hudson;

import java.io.File;

/** What pages and code need to know of the machine. */
public class Functions {
    public static boolean isArtifactsPermissionEnabled() {
        return Boolean.getBoolean("hudson.security.ArtifactsPermission");
    }

    public static boolean isWindows() {
        return File.pathSeparatorChar == ';';
    }
}
