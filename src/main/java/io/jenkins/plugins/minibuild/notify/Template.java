package io.jenkins.plugins.minibuild.notify;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Mustache template for the text of a message. It can show the values of a map and nothing else, and runs no code. Every value is escaped for the service,
 * also with {@code {{{name}}}}. Immutable, safe for use by several threads.
 */
public final class Template {
    private static final int LONGEST = 20_000;
    private static final Map<String, Template> STANDARD = new ConcurrentHashMap<>();

    private static final Mustache.Compiler COMPILER = Mustache.compiler()
            // Values are escaped before they are given to it.
            .escapeHTML(false)
            .defaultValue("")
            .emptyStringIsFalse(true)
            .withLoader(name -> {
                throw new IllegalArgumentException(Messages.Template_include(name));
            })
            .withCollector(new MapsOnly());

    private final com.samskivert.mustache.Template compiled;

    private Template(com.samskivert.mustache.Template compiled) {
        this.compiled = compiled;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException saying what is wrong with it and where: syntax, unknown values, other templates, too long
     */
    public static Template parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(Messages.Template_long(Integer.toString(LONGEST)));
        }
        com.samskivert.mustache.Template compiled;
        Set<String> names = new TreeSet<>();
        try {
            compiled = COMPILER.compile(text);
            compiled.visit(new Names(names));
        } catch (MustacheException e) {
            throw new IllegalArgumentException(Messages.Template_syntax(e.getMessage()), e);
        }
        names.removeAll(Notice.NAMES);
        names.remove(".");
        if (!names.isEmpty()) {
            throw new IllegalArgumentException(
                    Messages.Template_unknown(String.join(", ", names), String.join(", ", Notice.NAMES)));
        }
        return new Template(compiled);
    }

    /** The plugin's own template for a service; in English for every language but Chinese. */
    static Template standard(Markup markup, Locale locale) {
        String language = "zh".equals(locale.getLanguage()) ? "_zh_CN" : "";
        return STANDARD.computeIfAbsent("message-" + markup.template() + language + ".mustache", Template::load);
    }

    private static Template load(String name) {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the plugin lacks " + name);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the values into the text, escaped for the service; a value that is not known is empty. */
    String render(Map<String, String> values, Markup markup) {
        Map<String, String> escaped = new HashMap<>();
        values.forEach((name, value) -> escaped.put(name, escaped(name, value, markup)));
        return compiled.execute(escaped).strip();
    }

    private static String escaped(String name, String value, Markup markup) {
        if (name.equals("color")) {
            // A word of the markup itself.
            return value;
        }
        return name.toLowerCase(Locale.ROOT).endsWith("url") ? markup.url(value) : markup.text(value);
    }

    /** No fields, no methods, no lambdas: only the keys of a map. */
    private static final class MapsOnly extends BasicCollector {
        @Override
        public Mustache.VariableFetcher createFetcher(Object context, String name) {
            return context instanceof Map
                    ? (map, key) -> map instanceof Map<?, ?> all && all.get(key) instanceof String text ? text : ""
                    : null;
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }

    private static final class Names implements Mustache.Visitor {
        private final Set<String> found;

        Names(Set<String> found) {
            this.found = found;
        }

        @Override
        public void visitText(String text) {
            if (text.contains("{{")) {
                // The engine takes a tag without an end for text.
                throw new MustacheException(text.substring(text.indexOf("{{")).strip());
            }
        }

        @Override
        public void visitVariable(String name) {
            found.add(name);
        }

        @Override
        public boolean visitInclude(String name) {
            throw new IllegalArgumentException(Messages.Template_include(name));
        }

        @Override
        public boolean visitSection(String name) {
            found.add(name);
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            found.add(name);
            return true;
        }
    }
}
