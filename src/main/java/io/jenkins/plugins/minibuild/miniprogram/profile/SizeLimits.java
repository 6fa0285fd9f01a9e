package io.jenkins.plugins.minibuild.miniprogram.profile;

import io.jenkins.plugins.minibuild.miniprogram.PackageSizes;
import java.io.Serializable;

/**
 * How large the packages of a program may become before people are told, in KB; 0 for what WeChat allows. Immutable.
 *
 * @param main of the main package
 * @param subpackage of each subpackage
 * @param whole of all together
 */
public record SizeLimits(int main, int subpackage, int whole) implements Serializable {

    /** What WeChat allows. */
    public static final SizeLimits NONE = new SizeLimits(0, 0, 0);

    /** The largest that is a budget at all, in KB. */
    private static final int MOST = 1024 * 1024;

    /**
     * Checks one budget.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static int check(int kilobytes) {
        if (kilobytes < 0 || kilobytes > MOST) {
            throw new IllegalArgumentException(Messages.SizeLimits_range(Integer.toString(kilobytes)));
        }
        return kilobytes;
    }

    /** The budget of a package in bytes, or the limit of WeChat where there is none. */
    public long of(String name, long limit) {
        int budget =
                switch (name) {
                    case PackageSizes.WHOLE -> whole;
                    case PackageSizes.MAIN -> main;
                    default -> subpackage;
                };
        return budget == 0 ? limit : budget * 1024L;
    }
}
