package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Objects;

/**
 * What a preview opens, and its QR code. Null stands for a value that is not given.
 *
 * @param qrcodeFormat the symbol of a {@link QrFormat}
 * @param qrcodeSize width and height of the picture in pixels; where nobody gives it, the picture stays as WeChat made it
 * @param pagePath the page that opens; where nobody gives it, the first page
 * @param searchQuery the parameters of that page, {@code a=1&b=2}
 * @param scene the scene number that the program gets, 1000 to 9999
 * @param expire the minutes for which the QR code counts as valid
 */
public record PreviewSettings(
        @CheckForNull String qrcodeFormat,
        @CheckForNull Integer qrcodeSize,
        @CheckForNull String pagePath,
        @CheckForNull String searchQuery,
        @CheckForNull Integer scene,
        @CheckForNull Integer expire) {

    /**
     * The values of a profile that gives none. The scene is WeChat's number for "a QR code was scanned". WeChat states no expiry; its users
     * see half an hour.
     */
    public static final PreviewSettings DEFAULT =
            new PreviewSettings(QrFormat.IMAGE.symbol(), 200, null, null, 1011, 30);

    /** The values of a step that gives none and names no profile. */
    public static final PreviewSettings WITHOUT_PROFILE =
            new PreviewSettings(DEFAULT.qrcodeFormat, null, null, null, DEFAULT.scene, DEFAULT.expire);

    private static final int FIRST_SCENE = 1000;
    private static final int LAST_SCENE = 9999;
    private static final int SMALLEST_SIZE = 100;
    private static final int LARGEST_SIZE = 2000;
    private static final int LONGEST_EXPIRE = 24 * 60;

    /** @throws IllegalArgumentException with a message for the user */
    public PreviewSettings {
        QrFormat.of(qrcodeFormat);
        if (qrcodeSize != null) {
            checkSize(qrcodeSize);
        }
        checkPage(pagePath);
        if (scene != null) {
            checkScene(scene);
        }
        if (expire != null) {
            checkExpire(expire);
        }
    }

    /** These values, completed by others. A page that these give comes without the parameters of the others: those belong to another page. */
    public PreviewSettings or(PreviewSettings others) {
        return new PreviewSettings(
                Profile.or(qrcodeFormat, others.qrcodeFormat),
                Profile.or(qrcodeSize, others.qrcodeSize),
                Profile.or(pagePath, others.pagePath),
                pagePath == null ? Profile.or(searchQuery, others.searchQuery) : searchQuery,
                Profile.or(scene, others.scene),
                Profile.or(expire, others.expire));
    }

    /** How long the QR code counts as valid. */
    public Duration life() {
        return Duration.ofMinutes(Objects.requireNonNullElse(expire, DEFAULT.expire));
    }

    /**
     * Checks the path of a page.
     *
     * @return the path without a slash in front; empty for the first page
     * @throws IllegalArgumentException with a message for the user
     */
    public static String checkPage(@CheckForNull String path) {
        return MiniProgram.checkRelative(path == null ? null : path.trim().replaceFirst("^/+", ""), "pagePath");
    }

    /**
     * Checks that parameters of a page come with the page: WeChat takes none for the first page.
     *
     * @return the parameters without a question mark in front; empty for none
     * @throws IllegalArgumentException with a message for the user
     */
    public static String checkQuery(@CheckForNull String query, @CheckForNull String page) {
        String checked = query == null ? "" : query.trim().replaceFirst("^\\?", "");
        if (!checked.isEmpty() && checkPage(page).isEmpty()) {
            throw new IllegalArgumentException(Messages.PreviewSettings_queryWithoutPage());
        }
        return checked;
    }

    /**
     * Checks that a picture of this width can be scanned and is not larger than a screen.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static int checkSize(int pixels) {
        if (pixels < SMALLEST_SIZE || pixels > LARGEST_SIZE) {
            throw new IllegalArgumentException(Messages.PreviewSettings_size(
                    Integer.toString(pixels), SMALLEST_SIZE, Integer.toString(LARGEST_SIZE)));
        }
        return pixels;
    }

    /**
     * Checks the number of a scene.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static int checkScene(int scene) {
        if (scene < FIRST_SCENE || scene > LAST_SCENE) {
            throw new IllegalArgumentException(Messages.PreviewSettings_scene(Integer.toString(scene)));
        }
        return scene;
    }

    /**
     * Checks for how many minutes a QR code counts as valid.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static int checkExpire(int minutes) {
        if (minutes < 1 || minutes > LONGEST_EXPIRE) {
            throw new IllegalArgumentException(Messages.PreviewSettings_expire(Integer.toString(minutes)));
        }
        return minutes;
    }
}
