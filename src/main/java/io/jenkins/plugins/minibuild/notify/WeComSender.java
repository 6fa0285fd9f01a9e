package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A WeCom group robot: markdown, and a picture as a message of its own. Limits: its documentation, "群机器人配置说明". */
final class WeComSender implements Sender {
    static final int MOST_BYTES = 4096;
    static final int LARGEST_PICTURE = 2 << 20;
    /** 20 a minute; a second for the way. */
    static final List<Rate> RATES = List.of(new Rate(20, Duration.ofSeconds(61)));

    private static final Duration LIMITED = Duration.ofSeconds(60);

    private final RobotCall call;
    private final String url;

    WeComSender(Http http, Clock clock, String url) {
        this.call = new RobotCall(http, clock, Messages.WeComSender_service());
        this.url = url;
    }

    @Override
    public Answer send(Message message, byte[] picture) throws IOException, InterruptedException {
        URI uri = call.address(url, false);
        ObjectNode body = RobotCall.JSON.createObjectNode();
        if (message.pictureOnly()) {
            if (picture.length > LARGEST_PICTURE) {
                return Answer.refused(Messages.WeComSender_picture(Integer.toString(picture.length)));
            }
            body.put("msgtype", "image");
            body.putObject("image")
                    .put("base64", Base64.getEncoder().encodeToString(picture))
                    .put("md5", md5(picture));
        } else {
            body.put("msgtype", "markdown");
            body.putObject("markdown").put("content", message.body());
        }
        return call.post(uri, Map.of(), body, this::judge);
    }

    private Answer judge(JsonNode answer) {
        if (!answer.path("errcode").isInt()) {
            return Answer.broken(call.coded(0, answer.toString(), Messages.RobotCall_checkAddress()));
        }
        int code = answer.path("errcode").asInt();
        String words = answer.path("errmsg").asText();
        return switch (code) {
            case 0 -> Answer.sent(call.coded(code, words, ""));
            case 45009, 45033 -> Answer.limited(call.coded(code, words, Messages.RobotCall_waits()), LIMITED);
            case -1 -> Answer.failed(call.coded(code, words, ""));
            case 93000, 93004, 93008, 40001, 40014 ->
                Answer.broken(call.coded(code, words, Messages.WeComSender_newAddress()));
            default -> Answer.refused(call.coded(code, words, Messages.RobotCall_refused()));
        };
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
