package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;

/**
 * A DingTalk robot, signed: a card with buttons; markdown where people are mentioned, which a card cannot do. A robot alone shows a picture by its address
 * only; an app of the same organization uploads it first. Limits: its documentation of custom robots.
 */
final class DingTalkSender implements Sender {
    static final int MOST_BYTES = 16_000;
    /** 20 a minute, or the robot is banned for ten; one second more, because the service counts when calls arrive. */
    static final List<Rate> RATES = List.of(new Rate(20, Duration.ofSeconds(61)));

    /** What "media/upload" takes as an image. */
    private static final int LARGEST_PICTURE = 20 << 20;

    /** The app that uploads pictures. */
    record App(String key, String secret) {}

    private final RobotCall call;
    private final String url;
    private final String secret;
    private final App app;

    /**
     * @param secret for the signature; null for a robot without signatures
     * @param app null for none
     */
    DingTalkSender(Secrets secrets, String url, @CheckForNull String secret, @CheckForNull App app) {
        this.call = new RobotCall(secrets, Destinations.Vendor.DINGTALK, Messages.DingTalkSender_service());
        this.url = url;
        this.secret = secret;
        this.app = app;
    }

    @Override
    public SendResult send(Message message, byte[] picture) throws IOException, InterruptedException {
        URI robot = call.address(url);
        URI uri = robot;
        if (secret != null) {
            call.mask(secret);
            long now = call.clock().millis();
            String sign = URLEncoder.encode(Signature.dingTalk(secret, now), StandardCharsets.UTF_8);
            call.mask(sign);
            uri = URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + "timestamp=" + now + "&sign=" + sign);
        }
        String note = "";
        String text = message.content().body();
        if (picture.length > 0 && app != null) {
            call.mask(app.secret());
            try {
                text += "\n\n![QR](" + upload(robot, picture) + ")";
            } catch (IOException e) {
                // The message matters more than its picture.
                note = Messages.DingTalkSender_picture(call.words(e.getMessage()));
            }
        }
        ObjectNode body = message.content().links().isEmpty() ? markdown(message, text) : card(message, text);
        return call.post(uri, body, ServiceCodes.DINGTALK, note);
    }

    private static ObjectNode markdown(Message message, String text) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("msgtype", "markdown");
        body.putObject("markdown").put("title", message.content().title()).put("text", text);
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
        return body;
    }

    private static ObjectNode card(Message message, String text) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("msgtype", "actionCard");
        ObjectNode card = body.putObject("actionCard");
        // One below the other: three side by side do not fit on a phone.
        card.put("title", message.content().title()).put("text", text).put("btnOrientation", "0");
        ArrayNode buttons = card.putArray("btns");
        message.content()
                .links()
                .forEach(each -> buttons.addObject().put("title", each.title()).put("actionURL", each.url()));
        return body;
    }

    /** Uploads a picture with the calls "oauth2/accessToken" and "media/upload"; returns its id, which markdown takes as an address. */
    private String upload(URI robot, byte[] picture) throws IOException, InterruptedException {
        if (picture.length > LARGEST_PICTURE) {
            throw new IOException("larger than 20 MB");
        }
        ObjectNode login = Json.MAPPER.createObjectNode();
        login.put("appKey", app.key()).put("appSecret", app.secret());
        URI api = "oapi.dingtalk.com".equals(robot.getHost()) ? URI.create("https://api.dingtalk.com/") : robot;
        JsonNode answer = call.http()
                .send("POST", api.resolve("/v1.0/oauth2/accessToken"), Map.of(), login)
                .json();
        String token = answer.path("accessToken").asText();
        if (token.isEmpty()) {
            throw new IOException(answer.path("code").asText("?") + " "
                    + answer.path("message").asText());
        }
        call.mask(token);
        URI media = robot.resolve(
                "/media/upload?type=image&access_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
        JsonNode image = new PictureForm("media", Map.of(), picture).post(call.http(), media, Map.of());
        String id = image.path("media_id").asText();
        if (image.path("errcode").asInt(-1) != 0 || !id.matches("@?[A-Za-z0-9_-]{1,200}")) {
            throw new IOException("code " + image.path("errcode").asInt(-1) + " "
                    + image.path("errmsg").asText());
        }
        return id;
    }
}
