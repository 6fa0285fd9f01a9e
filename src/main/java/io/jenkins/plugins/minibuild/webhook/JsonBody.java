package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads bodies within bounds, and removes secrets from bodies that are kept. */
final class JsonBody {
    /** Reads with bounds, because anyone on the network can send a body. */
    private static final ObjectReader READER = Json.MAPPER
            .reader()
            .with(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(5_000_000)
                            .maxNumberLength(100)
                            .maxNameLength(1_000)
                            .maxTokenCount(1_000_000)
                            .build())
                    .build())
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final List<String> SECRET_PARTS = List.of("password", "passwd", "secret", "token");
    private static final Set<String> SECRET_NAMES = Set.of("sign", "signature", "authorization");
    private static final Pattern IN_ADDRESS = Pattern.compile("(?i)(\\w{1,20}://)[^/@\\s]{1,500}@");
    private static final Pattern IN_QUERY =
            Pattern.compile("(?i)([?&](?:access_token|private_token|token|password|secret|sign)=)[^&\\s]{1,2000}");

    private JsonBody() {}

    /**
     * Reads the JSON object in a body.
     *
     * @param mediaType {@code application/json}, or the form that GitHub can send
     * @throws PayloadException when the body is no JSON object, or too deep or too large; the message repeats nothing of it
     */
    static JsonNode read(byte[] body, String mediaType) throws PayloadException {
        byte[] json = body;
        if (mediaType.equals("application/x-www-form-urlencoded")) {
            json = field(body, "payload").getBytes(StandardCharsets.UTF_8);
        }
        JsonNode node;
        try {
            node = READER.readTree(json);
        } catch (IOException e) {
            throw new PayloadException(
                    "the body is no JSON that is well-formed, at most 64 levels deep and of usual size");
        }
        if (node == null || !node.isObject()) {
            throw new PayloadException("the body is no JSON object");
        }
        return node;
    }

    private static String field(byte[] form, String name) throws PayloadException {
        for (String pair : new String(form, StandardCharsets.ISO_8859_1).split("&")) {
            if (pair.startsWith(name + "=")) {
                try {
                    return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    throw new PayloadException("the form is not well-formed");
                }
            }
        }
        throw new PayloadException("the form has no field " + name);
    }

    /**
     * A copy without secrets: without the values of fields with a secret's name, without logins in addresses.
     *
     * @param known secrets to remove wherever they stand
     */
    static JsonNode withoutSecrets(JsonNode node, List<String> known) {
        if (node.isObject()) {
            ObjectNode copy = Json.MAPPER.createObjectNode();
            for (Map.Entry<String, JsonNode> each : node.properties()) {
                JsonNode value = each.getValue();
                boolean hide = value.isValueNode() && !value.isNull() && isSecret(each.getKey());
                copy.set(each.getKey(), hide ? TextNode.valueOf("****") : withoutSecrets(value, known));
            }
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            node.forEach(each -> copy.add(withoutSecrets(each, known)));
            return copy;
        }
        return node.isTextual() ? TextNode.valueOf(withoutSecrets(node.asText(), known)) : node;
    }

    private static boolean isSecret(String field) {
        String name = field.toLowerCase(Locale.ROOT);
        return SECRET_NAMES.contains(name) || SECRET_PARTS.stream().anyMatch(name::contains);
    }

    private static String withoutSecrets(String text, List<String> known) {
        String clean = text;
        for (String each : known) {
            clean = each.length() >= 4 ? clean.replace(each, "****") : clean;
        }
        if (clean.contains("://") && clean.indexOf('@') >= 0) {
            clean = IN_ADDRESS.matcher(clean).replaceAll("$1****@");
        }
        return clean.indexOf('=') < 0 || clean.indexOf('?') < 0 && clean.indexOf('&') < 0
                ? clean
                : IN_QUERY.matcher(clean).replaceAll("$1****");
    }
}
