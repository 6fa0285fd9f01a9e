package io.jenkins.plugins.minibuild.language;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Locale;
import java.util.Optional;
import org.jvnet.localizer.LocaleProvider;

/**
 * The language of what this thread writes, until it is closed: messages of this plugin and of all others in it. A thread that has none writes as before: in
 * the language of the reader of a page, elsewhere in that of the JVM. Works on the controller and on agents.
 */
public final class BoundLocale implements AutoCloseable {
    private static final ThreadLocal<Locale> BOUND = new ThreadLocal<>();

    static {
        // Jenkins sets its own provider once, before it loads plugins; an agent has the default one.
        LocaleProvider.setProvider(new Provider(LocaleProvider.getProvider()));
    }

    private final Locale before;

    private BoundLocale(@CheckForNull Locale before) {
        this.before = before;
    }

    /** Binds a language to this thread. Empty changes nothing. */
    public static BoundLocale bind(Optional<Locale> locale) {
        BoundLocale here = new BoundLocale(BOUND.get());
        locale.ifPresent(BOUND::set);
        return here;
    }

    /** What is bound to this thread. */
    public static Optional<Locale> bound() {
        return Optional.ofNullable(BOUND.get());
    }

    /** As {@link #bound}, for an agent: a language tag, or empty. */
    public static String tag() {
        Locale locale = BOUND.get();
        return locale == null ? "" : locale.toLanguageTag();
    }

    /** Reads what {@link #tag} made. */
    public static Optional<Locale> tagged(String tag) {
        return tag.isEmpty() ? Optional.empty() : Optional.of(Locale.forLanguageTag(tag));
    }

    /** Puts back what was bound before; in the same thread. */
    @Override
    public void close() {
        if (before == null) {
            BOUND.remove();
        } else {
            BOUND.set(before);
        }
    }

    /** Asks Jenkins' own one unless a language is bound. */
    private static final class Provider extends LocaleProvider {
        private final LocaleProvider otherwise;

        Provider(LocaleProvider otherwise) {
            this.otherwise = otherwise;
        }

        @Override
        public Locale get() {
            Locale bound = BOUND.get();
            return bound == null ? otherwise.get() : bound;
        }
    }
}
