package io.jenkins.plugins.minibuild.workflow.parse;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import java.util.Set;

/**
 * What a level has from those above, as far as checks need it.
 *
 * @param shell null for {@code sh}
 * @param hasImage whether steps run in a container
 */
record Inherited(@CheckForNull String shell, boolean hasImage) {
    private static final Set<String> POSIX =
            Set.of("sh", "bash", "dash", "ash", "zsh", "ksh", "ksh93", "mksh", "busybox");

    static final Inherited NOTHING = new Inherited(null, false);

    Inherited with(Settings settings) {
        return new Inherited(
                settings.shell() == null ? shell : settings.shell(),
                settings.image() == null ? hasImage : !settings.image().source().isEmpty());
    }

    /** Whether its shell reads variables as {@code sh} does. */
    boolean isPosix() {
        if (shell == null) {
            return true;
        }
        String program = shell.strip().split("\\s+")[0];
        return POSIX.contains(program.substring(program.lastIndexOf('/') + 1));
    }
}
