package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Json;

/** The answer to a call: an HTTP status and a JSON body. */
record Answer(int status, ObjectNode body) {
    static Answer of(int status, String word, String reason) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("status", word);
        body.put("reason", reason);
        return new Answer(status, body);
    }

    static Answer refused(int status, String reason) {
        return of(status, "refused", reason);
    }
}
