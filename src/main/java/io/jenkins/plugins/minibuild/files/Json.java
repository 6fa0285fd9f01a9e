package io.jenkins.plugins.minibuild.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** The plugin's one Jackson mapper, with Jackson's defaults. Safe for several threads, on the controller and on agents. */
public final class Json {
    /** Never reconfigured: every reader and writer of JSON shares it. */
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** A mapper of its own for input from strangers: the factory says how deep, how long and how many values it may be. */
    public static ObjectMapper limited(JsonFactory factory) {
        return new ObjectMapper(factory);
    }

    /**
     * A tree, a record or a map as UTF-8 JSON.
     *
     * @throws IllegalStateException for a value that is no JSON, which is an error of the plugin
     */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #bytes}, as text. */
    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads one JSON value.
     *
     * @return a missing node for empty input, never null
     * @throws IOException when the bytes are no JSON
     */
    public static JsonNode parse(byte[] bytes) throws IOException {
        return MAPPER.readTree(bytes);
    }
}
