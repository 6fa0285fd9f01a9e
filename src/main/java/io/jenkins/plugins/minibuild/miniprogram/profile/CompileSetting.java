package io.jenkins.plugins.minibuild.miniprogram.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;

/** Reads compile settings, as a map, as JSON, or as lines of {@code key=value}. */
public final class CompileSetting {

    /** What miniprogram-ci {@value CiLocation#RECOMMENDED} and newer know. */
    public static final List<String> KEYS = List.of(
            "useProjectConfig",
            "es6",
            "es7",
            "minify",
            "minifyJS",
            "minifyWXML",
            "minifyWXSS",
            "autoPrefixWXSS",
            "codeProtect",
            "disableUseStrict",
            "compileWorklet");

    private static final ObjectMapper JSON = new ObjectMapper();

    private CompileSetting() {}

    /**
     * Reads settings.
     *
     * @param value a map from name to boolean, or a text; null and empty for none
     * @return name and value, in the order given; never null
     * @throws IllegalArgumentException when a name is not known or a value is not true or false
     */
    public static Map<String, Boolean> read(@CheckForNull Object value) {
        Map<String, Boolean> settings = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, flag) -> put(settings, String.valueOf(key), String.valueOf(flag)));
        } else if (value instanceof String text) {
            readText(settings, text.trim());
        } else if (value != null) {
            throw new IllegalArgumentException(Messages.CompileSetting_notMap());
        }
        return settings;
    }

    /** Writes settings as lines of {@code key=value}, for forms. */
    public static String write(Map<String, Boolean> settings) {
        return settings.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static void readText(Map<String, Boolean> settings, String text) {
        if (text.startsWith("{")) {
            try {
                JsonNode object = JSON.readTree(text);
                for (Entry<String, JsonNode> field : object.properties()) {
                    put(settings, field.getKey(), field.getValue().asText());
                }
                return;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(Messages.CompileSetting_notJson(e.getOriginalMessage()), e);
            }
        }
        for (String line : text.split("[\n,]")) {
            if (!line.isBlank()) {
                int equals = line.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(Messages.CompileSetting_line(line.trim()));
                }
                put(settings, line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    private static void put(Map<String, Boolean> settings, String key, String value) {
        String name = key.trim();
        String flag = value.trim();
        if (!KEYS.contains(name)) {
            throw new IllegalArgumentException(Messages.CompileSetting_unknown(name, String.join(", ", KEYS)));
        }
        if (!flag.equalsIgnoreCase("true") && !flag.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException(Messages.CompileSetting_notBoolean(name, flag));
        }
        settings.put(name, Boolean.valueOf(flag));
    }
}
