package io.jenkins.plugins.minibuild.workflow.parse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The language as a JSON Schema (draft 07, which the editors' YAML language server reads), made from the table that the parser reads by. It accepts every file that
 * the parser reads without a problem; what depends on several places of a file (needs, references, circles) only the parser can say.
 */
public final class WorkflowSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String DEFINITIONS = "#/definitions/";
    private static final String DURATION = "^\\s*[0-9]{1,9}\\s*[smhdSMHD]?\\s*$";
    private static final String MEMORY = "^\\s*[0-9]{1,15}(\\.[0-9]{1,3})?\\s*[kmgtKMGT]?([iI]?[bB])?\\s*$";
    private static final String FLAG =
            "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff])$";

    private WorkflowSchema() {}

    /** The schema as indented JSON text with its descriptions in a language. */
    public static String text(Locale locale) {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json(locale)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The schema with its descriptions in a language. */
    public static ObjectNode json(Locale locale) {
        try (BoundLocale bound = BoundLocale.bind(Optional.of(locale))) {
            ObjectNode schema = NODES.objectNode();
            schema.put("$schema", "http://json-schema.org/draft-07/schema#");
            schema.put("title", Messages.Schema_title());
            schema.setAll(level(Level.WORKFLOW));
            ArrayNode forms = schema.putArray("oneOf");
            forms.add(form("jobs", "object"));
            forms.add(form("stages", "array"));
            // Keys for anchors.
            schema.putObject("patternProperties").putObject("^(x-|\\.)");
            ObjectNode definitions = schema.putObject("definitions");
            for (Level level : Level.values()) {
                if (level != Level.WORKFLOW) {
                    definitions.set(name(level), level(level));
                }
            }
            return schema;
        }
    }

    private static ObjectNode form(String key, String type) {
        ObjectNode form = NODES.objectNode();
        form.putArray("required").add(key);
        form.putObject("properties").set(key, type(type));
        return form;
    }

    private static String name(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode level(Level level) {
        ObjectNode schema = NODES.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = NODES.arrayNode();
        for (Key key : level.keys()) {
            properties.set(key.name(), property(key));
            if (key.isRequired()) {
                required.add(key.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (level == Level.MATRIX) {
            schema.set("additionalProperties", oneOrMore(scalar()));
        } else {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private static ObjectNode property(Key key) {
        ObjectNode property = value(key);
        if (!key.isRequired()) {
            // A key without a value is as none.
            property = any(property, type("null"));
        }
        property.put("description", key.description().get());
        if (key.isIgnored()) {
            property.put("deprecated", true);
            property.put("deprecationMessage", key.description().get());
            return property;
        }
        if (Set.of(KeyType.CHOICE, KeyType.DURATION).contains(key.type())
                && !key.fallback().isEmpty()) {
            property.put("default", key.fallback());
        } else if (key.type() == KeyType.FLAG) {
            property.put("default", Boolean.parseBoolean(key.fallback()));
        }
        property.putArray("examples").add(example(key));
        return property;
    }

    /** The example of a key as JSON. */
    private static JsonNode example(Key key) {
        Yaml example = new YamlReader(new Problems())
                .read(key.example())
                .orElseThrow(() -> new IllegalStateException(key.name()));
        return json(example);
    }

    /** A value as JSON, with the types that YAML gives to scalars. */
    static JsonNode json(Yaml value) {
        if (value instanceof Yaml.Mapping mapping) {
            ObjectNode object = NODES.objectNode();
            mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
            return object;
        }
        if (value instanceof Yaml.Sequence list) {
            ArrayNode array = NODES.arrayNode();
            list.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Yaml.Scalar scalar = (Yaml.Scalar) value;
        String text = scalar.text();
        return switch (scalar.type()) {
            case TEXT -> NODES.textNode(text);
            case FLAG -> NODES.booleanNode(List.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT)));
            case NOTHING -> NODES.nullNode();
            case INTEGER ->
                text.matches("-?[0-9]{1,18}") ? NODES.numberNode(Long.parseLong(text)) : NODES.textNode(text);
            case REAL ->
                text.matches("-?[0-9]{1,30}(\\.[0-9]{1,30})?")
                        ? NODES.numberNode(new BigDecimal(text))
                        : NODES.textNode(text);
        };
    }

    private static ObjectNode value(Key key) {
        return switch (key.type()) {
            case TEXT, TEMPLATE, SECRET, IMAGE, ENGINE, SHELL, CONDITION -> scalar();
            case CHOICE -> choice(key.choices());
            case DURATION -> any(whole(1, 30 * 86_400), pattern(DURATION));
            case MEMORY -> any(whole(0, 1L << 50), pattern(MEMORY));
            case CPU -> any(number(), pattern("^[0-9]{1,4}(\\.[0-9]{1,3})?$"));
            case COUNT -> count(key.most());
            case FLAG -> any(type("boolean"), pattern(FLAG));
            case ENVIRONMENT -> any(map(any(scalar(), type("null"))), list(pattern("^\\s*[^=\\s]+\\s*=")));
            case NEEDS, NAMES, GLOBS, PATHS -> oneOrMore(scalar());
            case CODES -> oneOrMore(any(whole(1, 255), pattern("^[0-9]{1,3}$")));
            case HOOK -> oneOrMore(any(scalar(), reference(Level.STEP)));
            case STEPS -> {
                ObjectNode steps = list(any(scalar(), reference(Level.STEP)));
                yield steps.put("minItems", 1).put("maxItems", JobReader.MOST_STEPS);
            }
            case STAGES -> list(reference(Level.STAGE)).put("minItems", 1);
            case STAGE_JOBS -> list(reference(Level.JOB)).put("minItems", 1);
            case JOBS -> map(reference(Level.JOB)).put("minProperties", 1);
            case MATRIX -> reference(Level.MATRIX);
            case COMBINATIONS -> list(map(scalar()).put("minProperties", 1));
            case RETRY -> any(count(Level.RETRY.key("count").orElseThrow().most()), reference(Level.RETRY));
            case CACHE -> oneOrMore(reference(Level.CACHE));
            case RESOURCES -> reference(Level.RESOURCES);
            case PLUGIN -> reference(Level.PLUGIN);
            case LANGUAGE -> reference(Level.LANGUAGE);
            case SERVICE -> reference(Level.SERVICE);
            case SETTINGS -> map(any(scalar(), type("null")));
            case ARGUMENTS -> type("object");
            case ANYTHING -> NODES.objectNode();
        };
    }

    private static ObjectNode type(String type) {
        return NODES.objectNode().put("type", type);
    }

    /** A text, or what YAML takes for a number or a flag: the parser reads it as it is written. */
    private static ObjectNode scalar() {
        ObjectNode schema = NODES.objectNode();
        schema.putArray("type").add("string").add("number").add("boolean");
        return schema;
    }

    private static ObjectNode choice(List<String> choices) {
        ObjectNode schema = NODES.objectNode();
        ArrayNode words = schema.putArray("enum");
        choices.forEach(words::add);
        return schema;
    }

    private static ObjectNode pattern(String pattern) {
        return type("string").put("pattern", pattern);
    }

    private static ObjectNode whole(long least, long most) {
        return type("integer").put("minimum", least).put("maximum", most);
    }

    private static ObjectNode number() {
        return type("number").put("minimum", 0.01).put("maximum", 9999.999);
    }

    private static ObjectNode count(int most) {
        return any(whole(0, most), pattern("^[0-9]{1,9}$"));
    }

    private static ObjectNode reference(Level level) {
        return NODES.objectNode().put("$ref", DEFINITIONS + name(level));
    }

    private static ObjectNode list(ObjectNode items) {
        ObjectNode schema = type("array");
        schema.set("items", items);
        return schema;
    }

    private static ObjectNode map(ObjectNode values) {
        ObjectNode schema = type("object");
        schema.set("additionalProperties", values);
        return schema;
    }

    private static ObjectNode oneOrMore(ObjectNode item) {
        return any(item.deepCopy(), list(item));
    }

    /** One of two; what is a choice already gets one more. */
    private static ObjectNode any(ObjectNode one, ObjectNode other) {
        ObjectNode schema = NODES.objectNode();
        ArrayNode all = schema.putArray("anyOf");
        if (one.size() == 1 && one.has("anyOf")) {
            one.get("anyOf").forEach(all::add);
        } else {
            all.add(one);
        }
        all.add(other);
        return schema;
    }
}
