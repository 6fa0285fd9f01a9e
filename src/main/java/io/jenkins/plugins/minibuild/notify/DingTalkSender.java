package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A DingTalk robot: markdown, signed. Limits and codes: its documentation of custom robots. */
final class DingTalkSender implements Sender {
    static final int MOST_BYTES = 16_000;
    /** 20 a minute, or the robot is banned for ten; one second more, because the service counts when calls arrive. */
    static final List<Rate> RATES = List.of(new Rate(20, Duration.ofSeconds(61)));

    private final RobotCall call;
    private final String url;
    private final String secret;

    /** @param secret for the signature; null for a robot without signatures */
    DingTalkSender(Secrets secrets, String url, @CheckForNull String secret) {
        this.call = new RobotCall(secrets, Destinations.Vendor.DINGTALK, Messages.DingTalkSender_service());
        this.url = url;
        this.secret = secret;
    }

    @Override
    public SendResult send(Message message, byte[] picture) throws IOException, InterruptedException {
        URI uri = call.address(url);
        if (secret != null) {
            call.mask(secret);
            long now = call.clock().millis();
            String sign = URLEncoder.encode(Signature.dingTalk(secret, now), StandardCharsets.UTF_8);
            call.mask(sign);
            uri = URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + "timestamp=" + now + "&sign=" + sign);
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("msgtype", "markdown");
        body.putObject("markdown")
                .put("title", message.content().title())
                .put("text", message.content().body());
        ObjectNode at = body.putObject("at");
        ArrayNode phones = at.putArray("atMobiles");
        ArrayNode users = at.putArray("atUserIds");
        for (Contact each : message.content().mentioned()) {
            if (!each.phone().isEmpty()) {
                phones.add(each.phone());
            } else if (!each.dingTalkId().isEmpty()) {
                users.add(each.dingTalkId());
            }
        }
        return call.post(uri, body, ServiceCodes.DINGTALK, "");
    }
}
