package io.jenkins.plugins.minibuild.miniprogram.profile;

/**
 * The size budget of a program in KB. A package over its budget is marked, and the log warns of it; 0 stands for the limit of WeChat.
 *
 * @param main the budget of the main package
 * @param subpackage the budget of each subpackage
 * @param whole the budget of all packages together
 */
public record SizeLimits(int main, int subpackage, int whole) {

    /** The limits of WeChat. */
    public static final SizeLimits NONE = new SizeLimits(0, 0, 0);

    /** The largest budget, in KB: 1 GB. */
    private static final int MOST = 1024 * 1024;

    /** @throws IllegalArgumentException with a message for the user */
    public SizeLimits {
        check(main);
        check(subpackage);
        check(whole);
    }

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
}
