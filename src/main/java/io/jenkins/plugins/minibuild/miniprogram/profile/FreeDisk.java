package io.jenkins.plugins.minibuild.miniprogram.profile;

/**
 * How much of an agent's disk has to be free before a build begins.
 *
 * @param gigabytes 0 for any
 */
public record FreeDisk(double gigabytes) {

    /** The value where the administrator set none. */
    public static final FreeDisk DEFAULT = new FreeDisk(2);

    private static final int MOST = 10_000;

    /**
     * Checks a number of gigabytes.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static double check(double gigabytes) {
        if (!(gigabytes >= 0) || gigabytes > MOST) {
            throw new IllegalArgumentException(Messages.FreeDisk_range(Double.toString(gigabytes)));
        }
        return gigabytes;
    }
}
