package io.jenkins.plugins.minibuild.language;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import java.util.Locale;
import java.util.Optional;

/** Finds the language of a job's logs and messages: that of the nearest folder that says one, else that of the controller. Any thread may call it. */
public final class LanguageAdapter {
    private LanguageAdapter() {}

    /**
     * The language of a job.
     *
     * @param item null for the controller's
     * @return empty for that of the JVM
     */
    public static Optional<Locale> of(@CheckForNull Item item) {
        ItemGroup<?> group = item instanceof ItemGroup<?> folder ? folder : item == null ? null : item.getParent();
        while (group instanceof Item folder) {
            for (FolderLanguageFactory each : ExtensionList.lookup(FolderLanguageFactory.class)) {
                Optional<Language> own = each.of(group);
                if (own.isPresent()) {
                    return own.get().locale();
                }
            }
            group = folder.getParent();
        }
        LanguageConfiguration controller =
                ExtensionList.lookup(LanguageConfiguration.class).get(LanguageConfiguration.class);
        return controller == null ? Optional.empty() : controller.language().locale();
    }

    /** The same work, done in the language of a build's job. */
    public static Runnable speaking(Run<?, ?> run, Runnable work) {
        return () -> {
            try (BoundLocale spoken = bind(run)) {
                work.run();
            }
        };
    }

    /** Binds the language of a build's job to this thread. */
    public static BoundLocale bind(Run<?, ?> run) {
        return BoundLocale.bind(of(run.getParent()));
    }
}
