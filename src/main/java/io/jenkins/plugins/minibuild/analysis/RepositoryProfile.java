package io.jenkins.plugins.minibuild.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a repository is made of, as the model found it. Nothing in it is trusted but its form, which was checked: sizes, and that paths
 * stay inside the repository. Immutable.
 */
public record RepositoryProfile(
        List<Module> modules,
        List<String> techStack,
        List<String> entryPoints,
        List<Place> directoryStructure,
        CodeStyle codeStyle,
        List<String> buildCommands,
        List<String> testCommands) {
    /** The form that the model is asked for, as JSON Schema. */
    public static final String SCHEMA = schema();

    private static final int MOST = 200;
    private static final int LONGEST_PATH = 300;
    private static final int LONGEST_TEXT = 2000;

    /**
     * A part of the repository.
     *
     * @param path relative, with forward slashes; {@code .} for the whole
     * @param files how many
     */
    public record Module(String path, String description, int files) {}

    /** A folder and what is in it. */
    public record Place(String path, String purpose) {}

    /** How its code is written. */
    public record CodeStyle(String naming, String errorHandling, String testFramework) {}

    /** The answer has another form. The message names every mistake. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(List<String> mistakes) {
            super(String.join("\n", mistakes));
        }
    }

    /** Copies the lists. */
    public RepositoryProfile {
        modules = List.copyOf(modules);
        techStack = List.copyOf(techStack);
        entryPoints = List.copyOf(entryPoints);
        directoryStructure = List.copyOf(directoryStructure);
        buildCommands = List.copyOf(buildCommands);
        testCommands = List.copyOf(testCommands);
    }

    private static String schema() {
        try (InputStream in = RepositoryProfile.class.getResourceAsStream("repository-profile.schema.json")) {
            return Json.MAPPER.readTree(in).toString();
        } catch (IOException e) {
            throw new IllegalStateException("The plugin is broken: repository-profile.schema.json is missing", e);
        }
    }

    /**
     * Checks an answer.
     *
     * @throws InvalidException naming every mistake by its place
     */
    public static RepositoryProfile read(JsonNode answer) throws InvalidException {
        Reader reader = new Reader();
        RepositoryProfile profile = new RepositoryProfile(
                reader.list(
                        answer,
                        "modules",
                        (node, place) -> new Module(
                                reader.path(node.path("path"), place + ".path"),
                                reader.text(node.path("description"), place + ".description"),
                                reader.count(node.path("files"), place + ".files"))),
                reader.list(answer, "techStack", reader::text),
                reader.list(answer, "entryPoints", reader::path),
                reader.list(
                        answer,
                        "directoryStructure",
                        (node, place) -> new Place(
                                reader.path(node.path("path"), place + ".path"),
                                reader.text(node.path("purpose"), place + ".purpose"))),
                new CodeStyle(
                        reader.text(answer.path("codeStyle").path("naming"), "codeStyle.naming"),
                        reader.text(answer.path("codeStyle").path("errorHandling"), "codeStyle.errorHandling"),
                        reader.text(answer.path("codeStyle").path("testFramework"), "codeStyle.testFramework")),
                reader.list(answer, "buildCommands", reader::text),
                reader.list(answer, "testCommands", reader::text));
        if (!reader.mistakes.isEmpty()) {
            throw new InvalidException(reader.mistakes);
        }
        return profile;
    }

    /** Reads what {@link #toJson} wrote. */
    static RepositoryProfile parse(String json) throws InvalidException {
        try {
            return read(Json.MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new InvalidException(List.of(String.valueOf(e.getOriginalMessage())));
        }
    }

    /** As JSON with line breaks, in the form of {@link #SCHEMA}. */
    public String toJson() {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(toMap());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As maps, lists, strings and numbers. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        List<Object> parts = new ArrayList<>();
        modules.forEach(each ->
                parts.add(mapOf("path", each.path(), "description", each.description(), "files", each.files())));
        map.put("modules", parts);
        map.put("techStack", new ArrayList<>(techStack));
        map.put("entryPoints", new ArrayList<>(entryPoints));
        List<Object> places = new ArrayList<>();
        directoryStructure.forEach(each -> places.add(mapOf("path", each.path(), "purpose", each.purpose())));
        map.put("directoryStructure", places);
        map.put(
                "codeStyle",
                mapOf(
                        "naming",
                        codeStyle.naming(),
                        "errorHandling",
                        codeStyle.errorHandling(),
                        "testFramework",
                        codeStyle.testFramework()));
        map.put("buildCommands", new ArrayList<>(buildCommands));
        map.put("testCommands", new ArrayList<>(testCommands));
        return map;
    }

    private static Map<String, Object> mapOf(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private interface Item<T> {
        T read(JsonNode node, String place);
    }

    /** Collects mistakes instead of stopping at the first. */
    private static final class Reader {
        private final List<String> mistakes = new ArrayList<>();

        private void mistake(String place, String what) {
            if (mistakes.size() < 20) {
                mistakes.add(place + ": " + what);
            }
        }

        <T> List<T> list(JsonNode answer, String name, Item<T> item) {
            JsonNode list = answer.path(name);
            if (!list.isArray()) {
                mistake(name, Messages.RepositoryProfile_list());
                return List.of();
            }
            if (list.size() > MOST) {
                mistake(name, Messages.RepositoryProfile_tooMany(list.size(), MOST));
                return List.of();
            }
            List<T> items = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                items.add(item.read(list.get(i), name + "[" + i + "]"));
            }
            return items;
        }

        String text(JsonNode node, String place) {
            if (!node.isTextual()) {
                mistake(place, Messages.RepositoryProfile_text());
                return "";
            }
            if (node.textValue().length() > LONGEST_TEXT) {
                mistake(
                        place,
                        Messages.RepositoryProfile_tooLong(node.textValue().length(), LONGEST_TEXT));
            }
            return node.textValue();
        }

        String path(JsonNode node, String place) {
            String path = text(node, place);
            if (path.isBlank() || path.length() > LONGEST_PATH) {
                mistake(place, Messages.RepositoryProfile_tooLong(path.length(), LONGEST_PATH));
            } else if (path.startsWith("/")
                    || path.contains("\\")
                    || path.matches("[A-Za-z]:.*")
                    || List.of(path.split("/")).contains("..")
                    || path.chars().anyMatch(Character::isISOControl)) {
                mistake(place, Messages.RepositoryProfile_path());
            }
            return path;
        }

        int count(JsonNode node, String place) {
            if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 0) {
                mistake(place, Messages.RepositoryProfile_count());
                return 0;
            }
            return node.intValue();
        }
    }
}
