package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The pages that an app.json lists, those of its subpackages included. Without a list (a game, a file that does not parse) every page passes: it is
 * miniprogram-ci that judges those.
 *
 * @param paths without a leading slash
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/reference/configuration/app.html">app.json</a>
 */
record AppPages(List<String> paths) {
    private static final int SHOWN = 20;

    AppPages {
        paths = List.copyOf(paths);
    }

    /** Reads the text of an app.json, which comes from a workspace. */
    static AppPages of(String text) {
        List<String> paths = new ArrayList<>();
        try {
            JsonNode app = Json.MAPPER.readTree(text.replace("\uFEFF", ""));
            app.path("pages").forEach(page -> paths.add(plain(page.asText(""))));
            for (String key : List.of("subPackages", "subpackages")) {
                for (JsonNode part : app.path(key)) {
                    part.path("pages")
                            .forEach(page -> paths.add(plain(part.path("root").asText("") + "/" + page.asText(""))));
                }
            }
        } catch (JsonProcessingException e) {
            paths.clear();
        }
        return new AppPages(paths);
    }

    /**
     * Checks that a preview's page is one of these: a QR code for another opens nothing.
     *
     * @throws AbortException that names the page and those that there are
     */
    void check(String pagePath) throws AbortException {
        if (!pagePath.isEmpty() && !paths.isEmpty() && !paths.contains(plain(pagePath))) {
            String some = paths.stream().limit(SHOWN).map(DriverFailure::clean).collect(Collectors.joining(", "));
            throw new AbortException(Messages.AppPages_unknown(pagePath, paths.size() > SHOWN ? some + ", ..." : some));
        }
    }

    private static String plain(String path) {
        return path.replaceAll("/{2,}", "/").replaceFirst("^/", "");
    }
}
