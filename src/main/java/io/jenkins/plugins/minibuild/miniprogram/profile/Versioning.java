package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * Which versions uploads get, their description, and the robots that upload them.
 *
 * @param version the first version when versions rise by themselves, else the version of every upload
 * @param type one of {@link #TYPES}
 * @param desc the description; null for branch, commit, message and build number
 * @param robots the CI robots
 */
public record Versioning(
        String version, String type, @CheckForNull String desc, Robots robots) {

    private static final String AUTOMATIC = "auto";

    /** {@code auto}: each upload gets the version after the last one; {@code manual}: each gets the version that is given. */
    public static final List<String> TYPES = List.of(AUTOMATIC, "manual");

    /** The values of a profile that gives none. */
    public static final Versioning DEFAULT = new Versioning("1.0.0", AUTOMATIC, null, Robots.DEFAULT);

    /** The most characters of a description that the service shows. */
    public static final int LONGEST_DESC = 200;

    /** @throws IllegalArgumentException with a message for the user */
    public Versioning {
        version = Version.parse(version).toString();
        Profile.oneOf("versionType", type, TYPES);
        checkDesc(desc);
    }

    /** Whether each upload gets the version after the last one. */
    public boolean isAutomatic() {
        return type.equals(AUTOMATIC);
    }

    /**
     * Checks the length of a description.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static void checkDesc(@CheckForNull String desc) {
        if (desc != null && desc.length() > LONGEST_DESC) {
            throw new IllegalArgumentException(Messages.Profile_desc(Integer.toString(LONGEST_DESC)));
        }
    }

    /** Cuts a text to a number of UTF-16 units, but not inside a character that takes two. */
    public static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }
}
