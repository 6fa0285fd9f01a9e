package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How one mini program is built and shipped. Every value is checked. A step's own parameters come before those of the profile.
 *
 * @param app the mini program and its repository
 * @param build how the project is installed and built; every value is given that has a default
 * @param versioning the versions of uploads, and their robots
 * @param setting the compile settings
 * @param preview the previews; every value is given that has a default
 * @param budget the size budget
 * @param notification the messages about builds
 */
public record Profile(
        App app,
        BuildCommands build,
        Versioning versioning,
        CompileSettings setting,
        PreviewSettings preview,
        SizeLimits budget,
        Notification notification) {

    /** Checks that a value is one of the known ones. */
    static void oneOf(String field, @CheckForNull String value, List<String> all) {
        if (value == null || !all.contains(value)) {
            throw new IllegalArgumentException(Messages.Profile_oneOf(field, String.join(", ", all), value));
        }
    }

    /** The first value that is given; null when none is. */
    @CheckForNull
    public static <T> T or(@CheckForNull T value, @CheckForNull T other) {
        return value == null ? other : value;
    }

    /**
     * Checks that no two profiles have the same name or the same AppID.
     *
     * @throws IllegalArgumentException naming the profile or the AppID that is there twice
     */
    public static void checkUnique(List<Profile> all) {
        Set<String> names = new HashSet<>();
        Set<String> apps = new HashSet<>();
        for (Profile each : all) {
            if (!names.add(each.app.name())) {
                throw new IllegalArgumentException(Messages.Profile_nameTaken(each.app.name()));
            }
            if (!apps.add(each.app.appId())) {
                throw new IllegalArgumentException(Messages.Profile_appIdTaken(each.app.appId()));
            }
        }
    }
}
