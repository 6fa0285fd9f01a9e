package io.jenkins.plugins.minibuild.forge;

import io.jenkins.plugins.minibuild.http.Http;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** The services whose REST API the plugin speaks. */
public enum ForgeKind {
    GITEE("/api/v5", Gitee::new),
    GITHUB("/api/v3", GitHub::new),
    GITLAB("/api/v4", GitLab::new);

    private final String apiPath;
    private final BiFunction<Http, String, Forge> maker;

    ForgeKind(String apiPath, BiFunction<Http, String, Forge> maker) {
        this.apiPath = apiPath;
        this.maker = maker;
    }

    /** The word for it in forms, Pipelines and Configuration as Code. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(ForgeKind::word).toList();
    }

    /**
     * The kind with a word, in capitals or not.
     *
     * @throws IllegalArgumentException naming the good words
     */
    public static ForgeKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equalsIgnoreCase(word.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.ForgeKind_unknown(word)));
    }

    /** Where a service of this kind has its API by default. */
    URI api(URI web) {
        return URI.create(
                web.toString().equals("https://github.com") ? "https://api.github.com" : web.toString() + apiPath);
    }

    /** @param api the API's address without a slash at its end */
    Forge forge(Http http, String api) {
        return maker.apply(http, api);
    }
}
