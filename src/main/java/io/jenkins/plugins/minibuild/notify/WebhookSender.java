package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends JSON to any program; the signature covers the time and the body. docs/notifications.md lists the fields. */
final class WebhookSender implements Sender {
    static final int MOST_BYTES = 16_000;
    /** No limit is known; a small receiver can bear this. */
    static final List<Rate> RATES = List.of(new Rate(10, Duration.ofSeconds(1)));

    private final RobotCall call;
    private final String url;
    private final String secret;

    /** @param secret for the signature; null for none */
    WebhookSender(Secrets secrets, String url, @CheckForNull String secret) {
        this.call = new RobotCall(secrets, Destinations.Vendor.ANY, Messages.WebhookSender_service());
        this.url = url;
        this.secret = secret;
    }

    @Override
    public SendResult send(Message message, byte[] picture) throws IOException, InterruptedException {
        URI uri = call.address(url);
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("id", message.id());
        body.put("event", message.origin().event());
        body.put("project", message.origin().job());
        body.put("number", message.origin().number());
        body.put("created", message.origin().created());
        body.put("title", message.content().title());
        body.put("text", message.content().body());
        body.put("url", message.origin().url());
        ArrayNode people = body.putArray("people");
        message.content().mentioned().forEach(each -> people.add(each.name()));
        ArrayNode joined = body.putArray("joined");
        message.joined().forEach(each -> joined.add(each.id()));
        ObjectNode values = body.putObject("values");
        new TreeMap<>(message.origin().values()).forEach(values::put);
        if (picture.length > 0) {
            body.put("picture", Base64.getEncoder().encodeToString(picture));
        }
        byte[] bytes = Json.bytes(body);
        Map<String, String> headers = new HashMap<>();
        headers.put("X-MiniBuild-Event", message.origin().event());
        headers.put("X-MiniBuild-Delivery", message.id());
        if (secret != null) {
            call.mask(secret);
            long now = call.clock().instant().getEpochSecond();
            headers.put("X-MiniBuild-Timestamp", Long.toString(now));
            headers.put(
                    "X-MiniBuild-Signature", Signature.webhook(secret, now, new String(bytes, StandardCharsets.UTF_8)));
        }
        return call.post(uri, headers, bytes);
    }
}
