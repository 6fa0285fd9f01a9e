package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A WeCom group robot: markdown, and a picture as a message of its own. Limits: its documentation, "群机器人配置说明". */
final class WeComSender implements Sender {
    static final int MOST_BYTES = 4096;
    static final int LARGEST_PICTURE = 2 << 20;
    /** 20 a minute; one second more, because the service counts when calls arrive. */
    static final List<Rate> RATES = List.of(new Rate(20, Duration.ofSeconds(61)));

    private static final Duration LIMITED = Duration.ofSeconds(60);

    private final RobotCall call;
    private final String url;

    WeComSender(Secrets secrets, String url) {
        this.call = new RobotCall(secrets, Destinations.Vendor.WECOM, Messages.WeComSender_service());
        this.url = url;
    }

    @Override
    public SendResult send(Message message, byte[] picture) throws IOException, InterruptedException {
        URI uri = call.address(url);
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (message.isPictureOnly()) {
            if (picture.length > LARGEST_PICTURE) {
                return SendResult.refused(Messages.WeComSender_picture(Integer.toString(picture.length)));
            }
            body.put("msgtype", "image");
            body.putObject("image")
                    .put("base64", Base64.getEncoder().encodeToString(picture))
                    .put("md5", Digest.md5Hex(picture));
        } else {
            body.put("msgtype", "markdown");
            body.putObject("markdown").put("content", message.content().body());
        }
        return call.post(uri, Map.of(), body, this::judge);
    }

    private SendResult judge(JsonNode answer) {
        if (!answer.path("errcode").isInt()) {
            return SendResult.broken(call.coded(0, "", Messages.RobotCall_checkAddress()));
        }
        int code = answer.path("errcode").asInt();
        String words = answer.path("errmsg").asText();
        return switch (code) {
            case 0 -> SendResult.sent(call.coded(code, words, ""));
            case 45009, 45033 -> SendResult.limited(call.coded(code, words, Messages.RobotCall_waits()), LIMITED);
            case -1 -> SendResult.failed(call.coded(code, words, ""));
            case 93000, 93004, 93008, 40001, 40014 ->
                SendResult.broken(call.coded(code, words, Messages.WeComSender_newAddress()));
            default -> SendResult.refused(call.coded(code, words, Messages.RobotCall_refused()));
        };
    }
}
