package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Objects;

/**
 * How a project is installed and built. Null stands for a value that is not given.
 *
 * @param appType the symbol of an {@link AppType}, which decides the build command and the output where they are not given
 * @param install whether dependencies are installed first
 * @param installCommand the line that installs them instead of the package manager of the lock file
 * @param buildCommand the line that builds the project
 * @param outputPath the folder in which the build puts the program, relative to the project
 * @param npm whether npm packages are packed, as "Build npm" of the developer tools does
 * @param timeoutMinutes the time for install, build and upload together; fractions are allowed
 */
public record BuildCommands(
        @CheckForNull String appType,
        @CheckForNull Boolean install,
        @CheckForNull String installCommand,
        @CheckForNull String buildCommand,
        @CheckForNull String outputPath,
        @CheckForNull Boolean npm,
        @CheckForNull Double timeoutMinutes) {

    /** The values of a profile that gives none. */
    public static final BuildCommands DEFAULT =
            new BuildCommands(AppType.UNIAPP.symbol(), true, null, null, null, false, 30.0);

    /** The values of a step that gives none and names no profile. */
    public static final BuildCommands WITHOUT_PROFILE =
            new BuildCommands(AppType.NATIVE.symbol(), false, null, null, null, DEFAULT.npm, DEFAULT.timeoutMinutes);

    /** @throws IllegalArgumentException with a message for the user */
    public BuildCommands {
        AppType.of(appType);
        MiniProgram.checkRelative(outputPath, "outputPath");
        if (timeoutMinutes != null) {
            timeout(timeoutMinutes);
        }
    }

    /**
     * These values, completed by others that give all. Where these switch the installation off, no command installs either; a command of the
     * others counts only where the installation is on.
     */
    public BuildCommands or(BuildCommands others) {
        Boolean installs = Profile.or(install, others.install);
        String inherited = Boolean.TRUE.equals(installs) ? others.installCommand : null;
        return new BuildCommands(
                Profile.or(appType, others.appType),
                installs,
                Boolean.FALSE.equals(install) ? null : Profile.or(installCommand, inherited),
                Profile.or(buildCommand, others.buildCommand),
                Profile.or(outputPath, others.outputPath),
                Profile.or(npm, others.npm),
                Profile.or(timeoutMinutes, others.timeoutMinutes));
    }

    /** The time for install, build and upload together. */
    public Duration timeout() {
        return timeout(Objects.requireNonNullElse(timeoutMinutes, DEFAULT.timeoutMinutes));
    }

    /**
     * Checks a time and makes a duration of it.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static Duration timeout(double minutes) {
        if (!(minutes > 0) || minutes > Duration.ofDays(7).toMinutes()) {
            throw new IllegalArgumentException(Messages.BuildCommands_timeout(minutes));
        }
        return Duration.ofMillis(Math.max(1, Math.round(minutes * 60_000)));
    }
}
