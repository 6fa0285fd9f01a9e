package io.jenkins.plugins.minibuild.language;

import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.Optional;

/** Finds the language of folders. It has an implementation only if the Folders plugin is installed. */
public abstract class FolderLanguageFactory implements ExtensionPoint {
    /** The folder's own language; empty if it says none, and for any other group. */
    abstract Optional<Language> of(ItemGroup<?> group);
}
