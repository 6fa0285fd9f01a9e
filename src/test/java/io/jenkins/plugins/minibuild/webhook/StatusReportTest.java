package io.jenkins.plugins.minibuild.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.forge.CommitStatus;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.KnownForge;
import io.jenkins.plugins.minibuild.forge.RefusedStatusException;
import io.jenkins.plugins.minibuild.http.Http;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusReportTest {
    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private static String send() throws Exception {
        CommitStatus status = new CommitStatus(
                "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b",
                CommitStatus.State.PENDING,
                "jenkins/shop",
                "",
                "https://x/");
        RepositoryUrl address = RepositoryUrl.parse("http://127.0.0.1:" + SERVER.getPort() + "/acme/shop.git");
        return StatusReport.send(
                Forges.with(
                                Http.over(HttpClient.newBuilder(), Duration.ofSeconds(20), 10_000),
                                List.of(KnownForge.of(
                                        "stand-in", "gitee", "http://127.0.0.1:" + SERVER.getPort(), null, true)))
                        .at("http", "127.0.0.1", SERVER.getPort())
                        .orElseThrow(),
                address,
                status,
                Secret.fromString("token"),
                null,
                new Random(1));
    }

    @Test
    void aBrokenConnectionIsTriedAgain() throws Exception {
        SERVER.stubFor(post(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER))
                .willSetStateTo("up"));
        SERVER.stubFor(
                post(anyUrl()).inScenario("s").whenScenarioStateIs("up").willReturn(jsonResponse("{\"id\":5}", 201)));
        assertThat(send()).isEqualTo("5");
        SERVER.verify(2, postRequestedFor(anyUrl()));
    }

    @Test
    void aRefusalIsNotTriedAgainAndAServiceThatIsDownThreeTimesOnly() {
        SERVER.stubFor(post(anyUrl()).willReturn(jsonResponse("{}", 404)));
        assertThatThrownBy(StatusReportTest::send).isInstanceOf(RefusedStatusException.class);
        SERVER.verify(1, postRequestedFor(anyUrl()));
        SERVER.resetAll();
        SERVER.stubFor(post(anyUrl()).willReturn(jsonResponse("{}", 503)));
        assertThatThrownBy(StatusReportTest::send).hasMessageContaining("503");
        SERVER.verify(3, postRequestedFor(anyUrl()));
    }
}
