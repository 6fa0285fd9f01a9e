package io.jenkins.plugins.minibuild.webhook;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request of a service whose headers and body are not checked yet. Immutable but for the bytes, which are shared.
 *
 * @param headers upper and lower case of their names are the same
 * @param body the exact bytes, whose signature is checked
 */
record Call(Caller caller, Map<String, String> headers, byte[] body) {
    Call {
        Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        headers = sorted;
    }

    /** Empty when there is no such header. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The media type without parameters, in lower case. */
    String mediaType() {
        String type = header("Content-Type");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }
}
