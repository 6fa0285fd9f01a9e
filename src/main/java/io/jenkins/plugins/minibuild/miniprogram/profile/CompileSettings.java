package io.jenkins.plugins.minibuild.miniprogram.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The compile settings of miniprogram-ci.
 *
 * @param flags the settings by the names that miniprogram-ci gives them, in the order in which they were given; unmodifiable
 */
public record CompileSettings(Map<String, Boolean> flags) {

    /** The setting that takes all others from project.config.json. */
    public static final String USE_PROJECT_CONFIG = "useProjectConfig";

    /** The settings that miniprogram-ci 2.1.39 and newer know. */
    public static final List<String> KEYS = List.of(
            USE_PROJECT_CONFIG,
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

    /** No settings: miniprogram-ci uses its own defaults. */
    public static final CompileSettings NONE = new CompileSettings(Map.of());

    /** The settings of a profile that gives none. */
    public static final CompileSettings DEFAULT =
            read("es6=true,es7=true,minifyJS=true,minifyWXML=true,minifyWXSS=true,"
                    + "autoPrefixWXSS=true,minify=false,codeProtect=false");

    /** @throws IllegalArgumentException when a name is not known */
    public CompileSettings {
        flags.keySet().forEach(CompileSettings::checkName);
        flags = Collections.unmodifiableMap(new LinkedHashMap<>(flags));
    }

    /**
     * Reads settings from a map, from JSON, or from lines of {@code key=value}.
     *
     * @param value a map from name to boolean, or a text; null and empty for none
     * @throws IllegalArgumentException when a name is not known or a value is not true or false
     */
    public static CompileSettings read(@CheckForNull Object value) {
        Map<String, Boolean> settings = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, flag) -> put(settings, String.valueOf(key), String.valueOf(flag)));
        } else if (value instanceof String text) {
            readText(settings, text.trim());
        } else if (value != null) {
            throw new IllegalArgumentException(Messages.CompileSettings_notMap());
        }
        return new CompileSettings(settings);
    }

    /** The settings as lines of {@code key=value}, for forms. */
    public String text() {
        return flags.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Whether a setting is on. */
    boolean isOn(String name) {
        return flags.getOrDefault(name, false);
    }

    /** The settings of a profile that changes some of the defaults. The settings of the project take the place of all others. */
    static CompileSettings withChanges(Map<String, Boolean> changes) {
        if (changes.getOrDefault(USE_PROJECT_CONFIG, false)) {
            return new CompileSettings(Map.of(USE_PROJECT_CONFIG, true));
        }
        Map<String, Boolean> flags = new LinkedHashMap<>(DEFAULT.flags);
        new TreeMap<>(changes).forEach((name, on) -> flags.computeIfPresent(name, (key, usual) -> on));
        return new CompileSettings(flags);
    }

    private static void readText(Map<String, Boolean> settings, String text) {
        if (text.startsWith("{")) {
            try {
                JsonNode object = Json.MAPPER.readTree(text);
                for (Entry<String, JsonNode> field : object.properties()) {
                    put(settings, field.getKey(), field.getValue().asText());
                }
                return;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(Messages.CompileSettings_notJson(e.getOriginalMessage()), e);
            }
        }
        for (String line : text.split("[\n,]")) {
            if (!line.isBlank()) {
                int equals = line.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(Messages.CompileSettings_line(line.trim()));
                }
                put(settings, line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    private static void put(Map<String, Boolean> settings, String key, String value) {
        String name = key.trim();
        String flag = value.trim();
        checkName(name);
        if (!flag.equalsIgnoreCase("true") && !flag.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException(Messages.CompileSettings_notBoolean(name, flag));
        }
        settings.put(name, Boolean.valueOf(flag));
    }

    private static void checkName(String name) {
        if (!KEYS.contains(name)) {
            throw new IllegalArgumentException(Messages.CompileSettings_unknown(name, String.join(", ", KEYS)));
        }
    }
}
