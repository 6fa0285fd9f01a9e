package io.jenkins.plugins.minibuild.notify;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An event of one build, as plain values. It is made when the event happens; the build may be deleted afterwards. Never holds a secret. Immutable.
 */
public final class Notice {
    /** The values that a template can show. */
    static final List<String> NAMES = List.of(
            "app",
            "appId",
            "author",
            "branch",
            "build",
            "buttons",
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
            "page",
            "pageUrl",
            "pictureUrl",
            "programs",
            "project",
            "qrUrl",
            "remedy",
            "reviewers",
            "status",
            "time",
            "title",
            "url",
            "version",
            "who");

    private static final int LONGEST_VALUE = 4_000;

    private final Event event;
    private final String job;
    private final int number;
    private final SortedMap<String, String> values;
    private final List<ProgramLine> programs;

    /**
     * One program of a build that ships several. What is not known is empty.
     *
     * @param app the name of its profile, or its AppID
     * @param kind {@code upload} or {@code preview}
     */
    record ProgramLine(String app, String appId, String kind, String version, String branch, String commit) {
        String text(Locale locale) {
            String origin = (branch + " " + commit.substring(0, Math.min(8, commit.length()))).strip();
            return (app + (appId.isEmpty() || appId.equals(app) ? "" : " (" + appId + ")") + ": "
                                    + Notice.kind(kind, locale) + " " + version)
                            .strip()
                    + (origin.isEmpty() ? "" : " (" + origin + ")");
        }
    }

    /** A notice about one program or none. */
    public Notice(Event event, String job, int number, Map<String, String> values) {
        this(event, job, number, values, List.of());
    }

    /**
     * @param job its full name
     * @param values by the names of {@link #NAMES}; others are refused, empty ones left out
     * @param programs those of a build that ships several, if the notice is about all of them
     */
    Notice(Event event, String job, int number, Map<String, String> values, List<ProgramLine> programs) {
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
        if (known.getOrDefault("app", "").equals(known.get("appId"))) {
            // Without a profile the AppID is all there is.
            known.remove("app");
        }
        this.values = Collections.unmodifiableSortedMap(known);
        this.programs = List.copyOf(programs);
    }

    /** A made-up notice with every value, for previews and test messages. */
    public static Notice sample(Event event, String rootUrl) {
        TreeMap<String, String> values = new TreeMap<>();
        values.put("app", "Tea shop");
        values.put("appId", "wx1234567890abcdef");
        values.put("time", "2026-01-02 14:34 +08:00");
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
        if (event == Event.REVIEW_WANTED) {
            values.put("reviewers", "Grace, Lin");
        }
        if (!event.isOfProgram()) {
            values.put("pageUrl", rootUrl + "job/shop/42/review/");
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
        all.computeIfPresent("kind", (name, kind) -> kind(kind, locale));
        if (!programs.isEmpty()) {
            all.put("programs", programs.stream().map(each -> each.text(locale)).collect(Collectors.joining("; ")));
        }
        all.put("page", page(locale));
        return all;
    }

    /** What the link to the page of the event is called. */
    private String page(Locale locale) {
        return switch (event) {
            case REVIEW_WANTED, VERDICT_GIVEN -> Messages._Notice_page_review().toString(locale);
            case REVIEW_DONE -> Messages._Notice_page_report().toString(locale);
            default -> Messages._Notice_page_details().toString(locale);
        };
    }

    /** The word for a kind of task; another text stays as it is. */
    static String kind(String kind, Locale locale) {
        return switch (kind) {
            case "upload" -> Messages._Notice_kind_upload().toString(locale);
            case "preview" -> Messages._Notice_kind_preview().toString(locale);
            case "aiReview" -> Messages._Notice_kind_aiReview().toString(locale);
            case "codegen" -> Messages._Notice_kind_codegen().toString(locale);
            default -> kind;
        };
    }
}
