package io.jenkins.plugins.minibuild.notify;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An event of one build, as plain values. It is made when the event happens; the build may be deleted afterwards. Never holds a secret. Immutable.
 */
public final class Notice {
    /** The values that a template can show. */
    static final List<String> NAMES = List.of(
            "author",
            "branch",
            "build",
            "color",
            "commit",
            "commitMessage",
            "details",
            "duration",
            "error",
            "event",
            "expires",
            "kind",
            "logUrl",
            "message",
            "number",
            "pictureUrl",
            "project",
            "qrUrl",
            "remedy",
            "status",
            "title",
            "url",
            "version",
            "who");

    private static final int LONGEST_VALUE = 4_000;

    private final Event event;
    private final String job;
    private final int number;
    private final SortedMap<String, String> values;

    /**
     * @param job its full name
     * @param values by the names of {@link #NAMES}; others are refused, empty ones left out
     */
    public Notice(Event event, String job, int number, Map<String, String> values) {
        this.event = event;
        this.job = job;
        this.number = number;
        TreeMap<String, String> known = new TreeMap<>();
        values.forEach((name, value) -> {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("no value of a message: " + name);
            }
            if (value != null && !value.isBlank()) {
                known.put(name, ByteLimit.cut(value.strip(), LONGEST_VALUE));
            }
        });
        known.put("event", event.id());
        known.put("project", job);
        known.put("number", Integer.toString(number));
        this.values = Collections.unmodifiableSortedMap(known);
    }

    /** A made-up notice with every value, for previews and test messages. */
    public static Notice sample(Event event, String rootUrl) {
        TreeMap<String, String> values = new TreeMap<>();
        values.put("build", "#42");
        values.put("kind", "preview");
        values.put("branch", "feature/cart");
        values.put("version", "1.4.2");
        values.put("who", "Ada");
        values.put("duration", "1 min 12 s");
        values.put("commit", "3f2a91c");
        values.put("commitMessage", "Cart: keep <b>quantities</b> & prices");
        values.put("author", "Ada");
        values.put("url", rootUrl + "job/shop/42/");
        values.put("logUrl", rootUrl + "job/shop/42/console");
        values.put("message", "");
        if (event == Event.PREVIEW_READY) {
            values.put("qrUrl", rootUrl + "job/shop/42/miniprogram/");
            values.put("pictureUrl", rootUrl + "mini-build-picture/show?name=sample");
            values.put("expires", "2026-01-02 15:04");
        }
        if (event == Event.CODEGEN_DONE || event == Event.REVIEW_DONE || event == Event.VERDICT_GIVEN) {
            values.put("details", "3 files, +42 -7");
        }
        if (event.tone() == Event.Tone.BAD) {
            values.put("error", "npm run build ended with code 1");
            values.put("remedy", "See the lines above it in the log.");
        }
        return new Notice(event, "shop", 42, values);
    }

    Event event() {
        return event;
    }

    String job() {
        return job;
    }

    int number() {
        return number;
    }

    /** The values that are known, sorted by name. */
    Map<String, String> values() {
        return values;
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** The values with the words of a language and the colours of a service. */
    Map<String, String> valuesFor(Markup markup, Locale locale) {
        Map<String, String> all = new TreeMap<>(values);
        all.putIfAbsent("title", event.title(locale));
        all.put("status", event.title(locale));
        all.put("color", markup.colour(event.tone()));
        return all;
    }
}
