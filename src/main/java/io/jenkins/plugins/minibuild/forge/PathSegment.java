package io.jenkins.plugins.minibuild.forge;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Encodes one segment of a path. */
final class PathSegment {
    private PathSegment() {}

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
