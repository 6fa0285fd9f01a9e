package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Has budgets of folders, and what was spent of them, follow when a folder is renamed or moved. */
@Extension
public final class ClaudeBudgetListener extends ItemListener {
    private static final Logger LOGGER = Logger.getLogger(ClaudeBudgetListener.class.getName());

    @Override
    public void onLocationChanged(@NonNull Item item, @NonNull String oldFullName, @NonNull String newFullName) {
        ClaudeConfiguration.get().renamed(oldFullName, newFullName);
        Path folder = Jenkins.get().getRootDir().toPath().resolve("mini-build");
        try {
            new DailyBudget(folder, Clock.systemDefaultZone()).renamed(oldFullName, newFullName);
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "What " + newFullName
                            + " has spent on Claude today is not known any more: see claude-budget.json in " + folder,
                    e);
        }
    }
}
