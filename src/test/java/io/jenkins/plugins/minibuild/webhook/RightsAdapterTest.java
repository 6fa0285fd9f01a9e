package io.jenkins.plugins.minibuild.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.KnownForge;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is asked of a service before a comment or a merge request may start something. The answers are those that GitHub documents. */
class RightsAdapterTest {
    private static final String COMMIT = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";
    private static final String OTHER = "2c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";
    private static final String TOKEN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String API = "/api/v3/repos/acme/shop";

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private static String url() {
        return "http://127.0.0.1:" + SERVER.getPort() + "/acme/shop.git";
    }

    private static Delivery ask(Delivery delivery) throws Exception {
        Forge forge = Forges.with(
                        Http.over(HttpClient.newBuilder(), Duration.ofSeconds(5), 10_000),
                        List.of(KnownForge.of("s", "github", "http://127.0.0.1:" + SERVER.getPort(), null, true)))
                .at("http", "127.0.0.1", SERVER.getPort())
                .orElseThrow();
        return RightsAdapter.ask(forge, RepositoryUrl.parse(url()), Secret.fromString(TOKEN), delivery);
    }

    private static Delivery delivery(String commit, Trust.Origin origin, Trust.Standing standing, String... urls) {
        return new Delivery(
                new Delivery.Event(Provider.GITHUB, EventKind.COMMENT, "issue_comment", "1"),
                new Delivery.Repository("acme/shop", List.of(urls), "main"),
                new Delivery.Ref("refs/pull/7/head", "fast", "", false),
                Delivery.Change.withoutFiles(commit, "mallory", "", ""),
                new Delivery.MergeRequest(
                        7, "main", "Faster", false, List.of(), "/rebuild", new Trust(origin, standing, "mallory")));
    }

    private static void answer(String path, String json, int status) {
        SERVER.stubFor(get(urlEqualTo(API + path)).willReturn(jsonResponse(json, status)));
    }

    private static String pull(String from) {
        return "{\"head\":{\"sha\":\"%s\",\"repo\":{\"full_name\":\"%s\"}},\"base\":{\"repo\":{\"full_name\":\"acme/shop\"}}}"
                .formatted(COMMIT, from);
    }

    @Test
    void aCommentIsPinnedToTheCommitAndItsAuthorHasTheRightsThatTheServiceNames() throws Exception {
        answer("/pulls/7", pull("mallory/shop"), 200);
        answer("/collaborators/mallory/permission", "{\"permission\":\"read\"}", 200);
        Delivery asked = ask(delivery("", Trust.Origin.UNKNOWN, Trust.Standing.UNKNOWN));
        assertThat(asked.change().commit()).isEqualTo(COMMIT);
        assertThat(asked.mergeRequest().trust())
                .isEqualTo(new Trust(Trust.Origin.FORK, Trust.Standing.STRANGER, "mallory"));
        SERVER.verify(
                getRequestedFor(urlEqualTo(API + "/pulls/7")).withHeader("Authorization", equalTo("Bearer " + TOKEN)));

        answer("/pulls/7", pull("acme/shop"), 200);
        answer("/collaborators/mallory/permission", "{\"permission\":\"write\"}", 200);
        assertThat(ask(delivery("", Trust.Origin.UNKNOWN, Trust.Standing.UNKNOWN))
                        .mergeRequest()
                        .trust())
                .isEqualTo(new Trust(Trust.Origin.OWN, Trust.Standing.MEMBER, "mallory"));
    }

    @Test
    void whatTheCallSaysAlreadyIsNotAskedAgain() throws Exception {
        SERVER.resetAll();
        Delivery known = delivery(OTHER, Trust.Origin.FORK, Trust.Standing.STRANGER);
        assertThat(ask(known)).isEqualTo(known);
        assertThat(SERVER.getAllServeEvents()).isEmpty();
    }

    @Test
    void aServiceThatDoesNotAnswerIsNoPermission() {
        SERVER.resetAll();
        answer("/pulls/7", "{}", 502);
        assertThatThrownBy(() -> ask(delivery("", Trust.Origin.UNKNOWN, Trust.Standing.UNKNOWN)))
                .isInstanceOf(IOException.class);
        answer("/collaborators/mallory/permission", "{}", 403);
        assertThatThrownBy(() -> ask(delivery(OTHER, Trust.Origin.OWN, Trust.Standing.UNKNOWN)))
                .isInstanceOf(IOException.class);
        answer("/collaborators/mallory/permission", "{}", 200);
        assertThat(catchStanding()).isNotEqualTo(Trust.Standing.MEMBER);
    }

    private static Trust.Standing catchStanding() {
        try {
            return ask(delivery(OTHER, Trust.Origin.OWN, Trust.Standing.UNKNOWN))
                    .mergeRequest()
                    .trust()
                    .standing();
        } catch (Exception e) {
            return Trust.Standing.UNKNOWN;
        }
    }

    /** A call names its repository as it likes: the token goes to the trigger's address, or nowhere. */
    @Test
    void theAddressIsTheTriggersNeverTheCalls() {
        Delivery evil =
                delivery("", Trust.Origin.UNKNOWN, Trust.Standing.UNKNOWN, "https://evil.example/acme/shop.git");
        assertThat(RightsAdapter.address(target("https://github.com/acme/shop"), evil))
                .isNull();
        assertThat(RightsAdapter.address(target(""), evil)).isNull();
        Delivery own = delivery(
                "",
                Trust.Origin.UNKNOWN,
                Trust.Standing.UNKNOWN,
                "no address",
                "git@github.com:acme/shop.git",
                "https://evil.example/acme/shop.git");
        RepositoryUrl address = RightsAdapter.address(target("https://github.com/Acme/shop"), own);
        assertThat(address).isNotNull();
        assertThat(address.text()).isEqualTo("https://github.com/Acme/shop");
    }

    private static Target target(String repository) {
        WebhookTrigger trigger = new WebhookTrigger();
        return new Target("job:shop", "shop", trigger.filter(), null, settings(repository), null);
    }

    private static StartSettings settings(String repository) {
        return new StartSettings(null, false, repository, "");
    }
}
