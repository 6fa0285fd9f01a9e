package io.jenkins.plugins.minibuild.webhook;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request of a service, read from the network and not believed yet. Immutable but for the bytes, which are shared. */
final class Call {
    private final String address;
    private final Map<String, String> headers;
    private final byte[] body;

    /** @param address of the client, see {@link ClientAddress} */
    Call(String address, Map<String, String> headers, byte[] body) {
        this.address = address;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.putAll(headers);
        this.body = body;
    }

    String address() {
        return address;
    }

    /** Empty when there is none. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The exact bytes that came. */
    byte[] body() {
        return body;
    }

    /** The media type without parameters, in lower case. */
    String mediaType() {
        String type = header("Content-Type");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }
}
