package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.util.List;

/** Gives tasks what an admin has configured for the command. */
@Extension
public final class ClaudeSettingsFactory extends SettingsFactory {
    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        return kind == ClaudeSettings.class && run != null
                ? List.of(kind.cast(
                        ClaudeConfiguration.get().settingsFor(run.getParent().getFullName())))
                : List.of();
    }
}
