package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/**
 * Which mini program a profile is for, and where its code is.
 *
 * @param name the name by which steps refer to the profile
 * @param enabled whether steps may use it
 * @param appId the AppID of the mini program
 * @param privateKeyCredentialsId the id of the credential that holds the upload key
 * @param repository the repository and the folder of the project
 * @param overrides what a step may choose by itself
 */
public record App(
        String name,
        boolean enabled,
        String appId,
        String privateKeyCredentialsId,
        Repository repository,
        Overrides overrides) {

    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M} ._()\\[\\]（）【】《》·&+-]{1,49}");

    /** @throws IllegalArgumentException with a message for the user */
    public App {
        name = checkName(name);
        appId = MiniProgram.checkAppId(appId);
        PrivateKey.checkId(privateKeyCredentialsId);
    }

    /**
     * Checks the name of a profile.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static String checkName(@CheckForNull String name) {
        String trimmed = name == null ? "" : name.trim();
        if (!NAME.matcher(trimmed).matches()) {
            throw new IllegalArgumentException(Messages.Profile_name(trimmed));
        }
        return trimmed;
    }
}
