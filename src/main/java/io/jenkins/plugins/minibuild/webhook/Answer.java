package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a service is answered. */
record Answer(int status, ObjectNode body) {
    static Answer of(int status, String word, String reason) {
        ObjectNode body = JsonBody.MAPPER.createObjectNode();
        body.put("status", word);
        body.put("reason", reason);
        return new Answer(status, body);
    }

    static Answer refused(int status, String reason) {
        return of(status, "refused", reason);
    }
}
