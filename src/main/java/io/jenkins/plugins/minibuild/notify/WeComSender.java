package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A WeCom group robot: markdown, and a picture as a message of its own. Limits: its documentation, "群机器人配置说明". */
final class WeComSender implements Sender {
    static final int MOST_BYTES = 4096;
    static final int LARGEST_PICTURE = 2 << 20;
    /** 20 a minute; one second more, because the service counts when calls arrive. */
    static final List<Rate> RATES = List.of(new Rate(20, Duration.ofSeconds(61)));

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
        return call.post(uri, body, ServiceCodes.WECOM, "");
    }
}
