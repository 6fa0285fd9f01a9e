package io.jenkins.plugins.minibuild.workflow.parse;

import java.util.List;
import java.util.function.Supplier;

/**
 * A key of the language: the parser, the schema and the reference are made of these, so they cannot differ. Immutable.
 *
 * @param name as in the file
 * @param type of its value
 * @param description one sentence in the language of the build
 * @param example a value, in one line of YAML
 * @param fallback what counts without it; empty for nothing
 * @param isRequired whether its level is incomplete without it
 * @param isIgnored whether it is known from elsewhere and means nothing here; the description says why
 * @param choices the words of {@link KeyType#CHOICE}; else empty
 * @param most of a {@link KeyType#COUNT}
 */
record Key(
        String name,
        KeyType type,
        Supplier<String> description,
        String example,
        String fallback,
        boolean isRequired,
        boolean isIgnored,
        List<String> choices,
        int most) {
    static Key of(String name, KeyType type, String example, Supplier<String> description) {
        return new Key(name, type, description, example, "", false, false, List.of(), 0);
    }

    static Key ignored(String name, Supplier<String> description) {
        return new Key(name, KeyType.ANYTHING, description, "x", "", false, true, List.of(), 0);
    }

    Key required() {
        return new Key(name, type, description, example, fallback, true, isIgnored, choices, most);
    }

    Key fallback(String value) {
        return new Key(name, type, description, example, value, isRequired, isIgnored, choices, most);
    }

    Key choices(String... words) {
        return new Key(name, type, description, example, fallback, isRequired, isIgnored, List.of(words), most);
    }

    Key most(int count) {
        return new Key(name, type, description, example, fallback, isRequired, isIgnored, choices, count);
    }
}
