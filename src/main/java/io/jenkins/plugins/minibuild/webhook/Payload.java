package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads fields of a body. A field that is missing or has another type reads as empty. */
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

    /** The first text that is not empty; empty if all are. */
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

    /** One field of each object in a list. */
    List<String> texts(String list, String field) {
        return list(list).stream().map(each -> each.text(field)).toList();
    }

    /** A field that the service's format requires. */
    String required(String path) throws PayloadException {
        String text = text(path);
        if (text.isEmpty()) {
            throw new PayloadException("the field " + path + " is missing");
        }
        return text;
    }

    /**
     * The commit that a push or tag is now at: as the service names it, for {@code after} is the id of the tag itself where a tag is annotated.
     *
     * @param commit paths to try before {@code after}
     * @return zeros for a branch or tag that was deleted; empty if the body does not say it
     */
    String pushedCommit(String... commit) {
        String after = text("after");
        if (after.matches("0+")) {
            return after;
        }
        String named = first(commit);
        return named.isEmpty() ? after : named;
    }

    /** The files that the commits of a push changed. The list may end early, but not before it has more files than a delivery keeps. */
    List<String> changedFiles(String commits) {
        Set<String> files = new LinkedHashSet<>();
        for (Payload commit : list(commits)) {
            for (String kind : List.of("added", "modified", "removed")) {
                commit.list(kind).forEach(each -> files.add(each.node.asText("")));
            }
            if (files.size() > Delivery.MOST_FILES) {
                break;
            }
        }
        return List.copyOf(files);
    }
}
