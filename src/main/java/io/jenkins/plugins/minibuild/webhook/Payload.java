package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads fields of a body. What is missing or of another type reads as empty. */
final class Payload {
    private final JsonNode node;

    Payload(JsonNode node) {
        this.node = node;
    }

    /** The object at a path, {@code repository.owner}. */
    Payload at(String path) {
        JsonNode at = node;
        for (String name : path.split("\\.")) {
            at = at.path(name);
        }
        return new Payload(at);
    }

    boolean isPresent() {
        return !node.isMissingNode() && !node.isNull();
    }

    boolean isObject() {
        return node.isObject();
    }

    String text(String path) {
        JsonNode at = at(path).node;
        return at.isValueNode() && !at.isNull() ? at.asText() : "";
    }

    /** The first that is not empty. */
    String first(String... paths) {
        for (String path : paths) {
            String text = text(path);
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    boolean is(String path) {
        return at(path).node.asBoolean(false);
    }

    long number(String path) {
        return at(path).node.asLong(0);
    }

    List<Payload> list(String path) {
        List<Payload> all = new ArrayList<>();
        JsonNode at = at(path).node;
        if (at.isArray()) {
            at.forEach(each -> all.add(new Payload(each)));
        }
        return all;
    }

    List<String> texts(String path) {
        return list(path).stream().map(each -> each.node.asText("")).toList();
    }

    /** A field that the format has to have. */
    String required(String path) throws PayloadException {
        String text = text(path);
        if (text.isEmpty()) {
            throw new PayloadException("the field " + path + " is missing");
        }
        return text;
    }

    /** The files that the commits of a push changed; stops a little above the number that a delivery keeps. */
    List<String> changedFiles(String commits) {
        Set<String> files = new LinkedHashSet<>();
        for (Payload commit : list(commits)) {
            for (String kind : List.of("added", "modified", "removed")) {
                files.addAll(commit.texts(kind));
            }
            if (files.size() > Delivery.MOST_FILES) {
                break;
            }
        }
        return List.copyOf(files);
    }
}
