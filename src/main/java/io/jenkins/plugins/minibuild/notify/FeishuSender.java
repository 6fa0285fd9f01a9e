package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Sends signed cards to a Feishu or Lark robot. A robot alone cannot show a picture; an app of the same tenant uploads it first. The limits and codes are those of
 * the documentation of custom bots.
 */
final class FeishuSender implements Sender {
    /** A call is at most 20 KB; the rest is for the card around the text. */
    static final int MOST_BYTES = 14_000;
    /** 100 a minute, 5 a second; a little more time, because the service counts when calls arrive. */
    static final List<Rate> RATES =
            List.of(new Rate(100, Duration.ofSeconds(61)), new Rate(5, Duration.ofMillis(1_300)));

    private static final int LARGEST_PICTURE = 10 << 20;

    /** The app that uploads pictures. */
    record App(String id, String secret) {}

    private final RobotCall call;
    private final String url;
    private final String secret;
    private final App app;

    /**
     * @param secret for the signature; null for a robot without signatures
     * @param app null for none
     */
    FeishuSender(Secrets secrets, String url, @CheckForNull String secret, @CheckForNull App app) {
        this.call = new RobotCall(secrets, Destinations.Vendor.FEISHU, Messages.FeishuSender_service());
        this.url = url;
        this.secret = secret;
        this.app = app;
    }

    @Override
    public SendResult send(Message message, byte[] picture) throws IOException, InterruptedException {
        URI uri = call.address(url);
        String note = "";
        String key = null;
        if (picture.length > 0 && app != null) {
            call.mask(app.secret());
            try {
                key = upload(uri, picture);
            } catch (IOException e) {
                // The message matters more than its picture.
                note = Messages.FeishuSender_picture(call.words(e.getMessage()));
            }
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (secret != null) {
            call.mask(secret);
            long now = call.clock().instant().getEpochSecond();
            body.put("timestamp", Long.toString(now));
            body.put("sign", Signature.feishu(secret, now));
        }
        body.put("msg_type", "interactive");
        card(body.putObject("card"), message, key);
        return call.post(uri, body, ServiceCodes.FEISHU, note);
    }

    private static void card(ObjectNode card, Message message, @CheckForNull String picture) {
        card.putObject("config").put("wide_screen_mode", true);
        ObjectNode header = card.putObject("header");
        header.put(
                "template",
                switch (message.origin().tone()) {
                    case GOOD -> "green";
                    case WARNING -> "orange";
                    case BAD -> "red";
                    case NEUTRAL -> "blue";
                });
        header.putObject("title")
                .put("tag", "plain_text")
                .put("content", message.content().title());
        ArrayNode elements = card.putArray("elements");
        elements.addObject()
                .put("tag", "div")
                .putObject("text")
                .put("tag", "lark_md")
                .put("content", message.content().body());
        if (picture != null) {
            ObjectNode image = elements.addObject().put("tag", "img").put("img_key", picture);
            image.putObject("alt").put("tag", "plain_text").put("content", "QR");
        }
    }

    /** Uploads a picture with the calls "tenant_access_token/internal" and "im/v1/images"; returns its key. */
    private String upload(URI robot, byte[] picture) throws IOException, InterruptedException {
        if (picture.length > LARGEST_PICTURE) {
            throw new IOException("larger than 10 MB");
        }
        ObjectNode login = Json.MAPPER.createObjectNode();
        login.put("app_id", app.id()).put("app_secret", app.secret());
        JsonNode token = call.http()
                .send("POST", robot.resolve("/open-apis/auth/v3/tenant_access_token/internal"), Map.of(), login)
                .json();
        String bearer = token.path("tenant_access_token").asText();
        if (token.path("code").asInt(-1) != 0 || bearer.isEmpty()) {
            throw new IOException("code " + token.path("code").asInt(-1) + " "
                    + token.path("msg").asText());
        }
        call.mask(bearer);
        JsonNode image = new PictureForm("image", Map.of("image_type", "message"), picture)
                .post(
                        call.http(),
                        robot.resolve("/open-apis/im/v1/images"),
                        Map.of("Authorization", "Bearer " + bearer));
        String key = image.path("data").path("image_key").asText();
        if (image.path("code").asInt(-1) != 0 || key.isEmpty()) {
            throw new IOException("code " + image.path("code").asInt(-1) + " "
                    + image.path("msg").asText());
        }
        return key;
    }
}
