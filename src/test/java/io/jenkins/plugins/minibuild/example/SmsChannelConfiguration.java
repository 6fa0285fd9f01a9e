package io.jenkins.plugins.minibuild.example;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.notify.ChannelConfiguration;
import io.jenkins.plugins.minibuild.notify.Markup;
import io.jenkins.plugins.minibuild.notify.MissingSecretException;
import io.jenkins.plugins.minibuild.notify.Rate;
import io.jenkins.plugins.minibuild.notify.Secrets;
import io.jenkins.plugins.minibuild.notify.SendResult;
import io.jenkins.plugins.minibuild.notify.Sender;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The example of docs/notifications.md: another kind of channel, from outside the package. */
public final class SmsChannelConfiguration extends ChannelConfiguration {
    private final String gatewayCredentialsId;

    public SmsChannelConfiguration(String name, String gatewayCredentialsId) {
        super(name);
        this.gatewayCredentialsId = gatewayCredentialsId;
    }

    @Override
    protected Markup markup() {
        return Markup.PLAIN;
    }

    @Override
    protected int mostBytes() {
        return 200;
    }

    @Override
    protected List<Rate> rates() {
        return List.of(new Rate(1, Duration.ofSeconds(1)));
    }

    @Override
    protected Sender sender(Secrets secrets) throws MissingSecretException {
        URI gateway = URI.create(secrets.require(gatewayCredentialsId));
        return (message, picture) -> {
            ObjectNode body = new ObjectMapper()
                    .createObjectNode()
                    .put("text", message.content().body());
            message.content().mentioned().forEach(each -> body.withArray("to").add(each.phone()));
            int status = secrets.http().send("POST", gateway, Map.of(), body).status();
            return status < 300 ? SendResult.sent("HTTP " + status) : SendResult.failed("HTTP " + status);
        };
    }
}
