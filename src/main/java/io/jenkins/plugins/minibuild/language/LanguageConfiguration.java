package io.jenkins.plugins.minibuild.language;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.PersistentDescriptor;
import hudson.util.ListBoxModel;
import jenkins.model.GlobalConfiguration;
import org.jenkinsci.Symbol;
import org.jvnet.localizer.LocaleProvider;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The section "Mini Build: language" of the system configuration. Until an administrator has saved the configuration, what the plugin writes is in the
 * language of Jenkins' JVM; the form proposes the language of who saves it first.
 */
@Extension
@Symbol("miniBuildLanguage")
public final class LanguageConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    /** Null until it was saved. */
    private String language;

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.LanguageConfiguration_displayName();
    }

    /** {@code system}, {@code en} or {@code zh}; null until it was saved. */
    @CheckForNull
    public synchronized String getLanguage() {
        return language;
    }

    /** @throws IllegalArgumentException naming the languages that there are */
    @DataBoundSetter
    public synchronized void setLanguage(@CheckForNull String value) {
        language = value == null || value.isBlank() ? null : Language.of(value).word();
        save();
    }

    synchronized Language language() {
        return language == null ? Language.SYSTEM : Language.of(language);
    }

    /** The languages for the form; chosen is what was saved, else the reader's. */
    public ListBoxModel getLanguages() {
        ListBoxModel model = languages();
        String saved = getLanguage();
        String chosen =
                saved == null ? Language.closestTo(LocaleProvider.getLocale()).word() : saved;
        model.forEach(each -> each.selected = each.value.equals(chosen));
        return model;
    }

    /** All of them, each in itself, so that everybody finds theirs. */
    static ListBoxModel languages() {
        ListBoxModel model = new ListBoxModel();
        model.add(Messages.Language_system(), Language.SYSTEM.word());
        model.add("English", Language.ENGLISH.word());
        model.add("\u7b80\u4f53\u4e2d\u6587", Language.CHINESE.word());
        return model;
    }
}
