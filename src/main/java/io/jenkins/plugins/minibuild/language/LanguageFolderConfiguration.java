package io.jenkins.plugins.minibuild.language;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.ListBoxModel;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.verb.POST;

/** The language of a folder: of the logs and messages of the jobs in it and in its folders. Immutable. */
public final class LanguageFolderConfiguration extends AbstractFolderProperty<AbstractFolder<?>> {
    private final String language;

    /**
     * @param language {@code system}, {@code en} or {@code zh}; null for that of the folder above, or of the controller
     * @throws IllegalArgumentException naming the languages that there are
     */
    @DataBoundConstructor
    public LanguageFolderConfiguration(@CheckForNull String language) {
        this.language = language == null || language.isBlank()
                ? null
                : Language.of(language).word();
    }

    @CheckForNull
    public String getLanguage() {
        return language;
    }

    @Extension(optional = true)
    @Symbol("miniBuildLanguage")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.LanguageConfiguration_displayName();
        }

        @POST
        public ListBoxModel doFillLanguageItems(@AncestorInPath @CheckForNull Item folder) {
            // The languages are the same for everybody; only who may configure the folder needs them.
            if (folder == null || !folder.hasPermission(Item.CONFIGURE)) {
                return new ListBoxModel();
            }
            ListBoxModel model = LanguageConfiguration.languages();
            model.add(0, new ListBoxModel.Option(Messages.Language_inherited(), ""));
            return model;
        }
    }

    @Extension(optional = true)
    public static final class Finder extends FolderLanguageFactory {
        @Override
        Optional<Language> of(ItemGroup<?> group) {
            return group instanceof AbstractFolder<?> folder
                    ? Optional.ofNullable(folder.getProperties().get(LanguageFolderConfiguration.class))
                            .map(LanguageFolderConfiguration::getLanguage)
                            .map(Language::of)
                    : Optional.empty();
        }
    }
}
