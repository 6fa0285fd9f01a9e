package io.jenkins.plugins.minibuild.forge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers are those that the services document. */
class MergeRequestsTest {
    private static final String TOKEN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final Instant NOW = Instant.ofEpochSecond(1_763_800_000);

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path folder;

    private final List<Duration> slept = new ArrayList<>();

    private MergeRequests at(int port, String provider) {
        return Forges.with(
                        Http.over(HttpClient.newBuilder(), Duration.ofSeconds(2), 100_000),
                        List.of(KnownForge.of("stand-in", provider, "http://127.0.0.1:" + port, null, true)))
                .at("http", "127.0.0.1", port)
                .orElseThrow()
                .mergeRequests(
                        "acme",
                        "shop",
                        new ForgeSession(
                                Secret.fromString(TOKEN), Clock.fixed(NOW, ZoneOffset.UTC), slept::add, new Random(1)));
    }

    private MergeRequests wired(String provider) {
        return at(SERVER.getPort(), provider);
    }

    private static MergeRequestDraft draft(String title, boolean draft, boolean remove) {
        return new MergeRequestDraft(
                new Branches("feature/req-7", "main"),
                title,
                "# Cart\n<b>words</b>",
                List.of("claude", "cart"),
                List.of("li", "wang"),
                draft,
                remove);
    }

    private GiteeService service() throws IOException, InterruptedException {
        GiteeService service = GiteeService.start(folder.resolve("git"));
        service.addToken(TOKEN, "acme", "projects", "pull_requests")
                .addUser("li", 31)
                .addUser("wang", 32);
        Path bare = service.createRepository("acme", "shop", true);
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("app.js"), "App({})\n");
        GiteeService.commit(bare, files, "main", "first");
        GiteeService.commit(bare, files, "feature/req-7", "cart");
        return service;
    }

    private MergeRequests at(GiteeService service, String provider) {
        return at(Integer.parseInt(service.authority().replaceAll(".*:", "")), provider);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void oneIsOpenedOnceAndThenChanged(String provider) throws Exception {
        try (GiteeService service = service()) {
            MergeRequests requests = at(service, provider);
            assertThat(requests.findOpen("feature/req-7", "main")).isEmpty();

            MergeRequests.Saved first = requests.save(draft("Cart", false, false));
            MergeRequests.Saved second = requests.save(draft("Cart and coupons", false, false));

            assertThat(first.created()).isTrue();
            assertThat(second.created()).isFalse();
            assertThat(second.notes()).isEmpty();
            assertThat(second.request().number())
                    .isEqualTo(first.request().number())
                    .isEqualTo(1);
            assertThat(second.request().url()).startsWith(service.url() + "/acme/shop/");
            assertThat(second.request().commit()).isEqualTo(requests.head("feature/req-7"));
            assertThat(requests.defaultBranch()).isEqualTo("main");
            assertThat(service.mergeRequests("acme", "shop")).singleElement().satisfies(kept -> {
                assertThat(kept.path("title").asText()).isEqualTo("Cart and coupons");
                assertThat(kept.path("body").asText()).isEqualTo("# Cart\n<b>words</b>");
                assertThat(texts(kept.path("labels"))).containsExactly("claude", "cart");
                assertThat(texts(kept.path("reviewers")))
                        .containsExactlyElementsOf(
                                provider.equals("gitlab") ? List.of("31", "32") : List.of("li", "wang"));
            });
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void itsStateIsReadAfterSomebodyClosedOrMergedIt(String provider) throws Exception {
        try (GiteeService service = service()) {
            MergeRequests requests = at(service, provider);
            requests.save(draft("Cart", false, false));
            assertThat(requests.get(1).state()).isEqualTo(MergeRequest.State.OPEN);
            service.setState("acme", "shop", 1, "closed");
            assertThat(requests.get(1).state()).isEqualTo(MergeRequest.State.CLOSED);
            assertThat(requests.findOpen("feature/req-7", "main")).isEmpty();
            service.setState("acme", "shop", 1, "merged");
            assertThat(requests.get(1).state()).isEqualTo(MergeRequest.State.MERGED);

            assertThat(requests.save(draft("Cart", false, false)).request().number())
                    .as("a merged one is not opened again")
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void draftsAndTheRemovalOfTheBranchAreAskedForOrSaidToBeImpossible(String provider) throws Exception {
        try (GiteeService service = service()) {
            MergeRequests.Saved saved = at(service, provider).save(draft("Cart", true, true));

            JsonNode kept = service.mergeRequests("acme", "shop").get(0);
            assertThat(kept.path("draft").asBoolean()).isTrue();
            if (provider.equals("github")) {
                assertThat(saved.notes()).singleElement().asString().contains("Automatically delete head branches");
            } else {
                assertThat(saved.notes()).isEmpty();
                assertThat(kept.path("prune").asBoolean()).isTrue();
            }
            assertThat(at(service, provider)
                            .save(draft("Cart", false, false))
                            .request()
                            .draft())
                    .as("a draft stays one")
                    .isTrue();
        }
    }

    @Test
    void aReviewerWhoDoesNotExistIsSaidAndTheOthersAreAsked() throws Exception {
        try (GiteeService service = service()) {
            MergeRequestDraft draft = new MergeRequestDraft(
                    new Branches("feature/req-7", "main"),
                    "Cart",
                    "",
                    List.of(),
                    List.of("nobody", "li"),
                    false,
                    false);
            MergeRequests.Saved saved = at(service, "gitlab").save(draft);

            assertThat(saved.notes()).singleElement().asString().contains("\"nobody\"");
            assertThat(texts(service.mergeRequests("acme", "shop").get(0).path("reviewers")))
                    .containsExactly("31");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void aBranchThatIsMissingIsSaidInTheServicesWords(String provider) throws Exception {
        try (GiteeService service = service()) {
            MergeRequestDraft draft = new MergeRequestDraft(
                    new Branches("feature/none", "main"), "Cart", "", List.of(), List.of(), false, false);
            MergeRequestProblem problem = catchThrowableOfType(
                    MergeRequestProblem.class, () -> at(service, provider).save(draft));
            assertThat(problem.kind()).isEqualTo(Kind.REFUSED);
            assertThat(problem)
                    .hasMessageContaining(provider.equals("gitlab") ? "Source branch does not exist" : "head or base");
            MergeRequestProblem head = catchThrowableOfType(
                    MergeRequestProblem.class, () -> at(service, provider).head("feature/none"));
            assertThat(head.kind()).isEqualTo(Kind.NOT_FOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void allPagesAreReadAndTheAddressOfTheNextOneIsNotFollowed(String provider) {
        SERVER.stubFor(get(urlMatching(".*page=1")).willReturn(page(provider, 1, 100, true)));
        SERVER.stubFor(get(urlMatching(".*page=2")).willReturn(page(provider, 101, 100, true)));
        SERVER.stubFor(get(urlMatching(".*page=3")).willReturn(page(provider, 7, 1, false)));

        assertThat(found(provider)).isEqualTo(7);
        SERVER.verify(3, getRequestedFor(anyUrl()));
        SERVER.verify(getRequestedFor(urlMatching(".*page=3"))
                .withHeader("Authorization", matching("(token|Bearer) " + TOKEN)));
    }

    private long found(String provider) {
        try {
            return wired(provider)
                    .findOpen("feature/req-7", "main")
                    .orElseThrow()
                    .number();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Open ones of other branches, but for number 7. */
    private static ResponseDefinitionBuilder page(String provider, int from, int count, boolean more) {
        StringBuilder list = new StringBuilder("[");
        for (int n = from; n < from + count; n++) {
            String branch = n == 7 && count == 1 ? "feature/req-7" : "other-" + n;
            list.append(n == from ? "" : ",")
                    .append(
                            provider.equals("gitlab")
                                    ? "{\"iid\":" + n + ",\"state\":\"opened\",\"web_url\":\"https://x/" + n
                                            + "\",\"source_branch\":\"" + branch
                                            + "\",\"target_branch\":\"main\",\"source_project_id\":1,\"target_project_id\":1}"
                                    : "{\"number\":" + n + ",\"state\":\"open\",\"html_url\":\"https://x/" + n
                                            + "\",\"head\":{\"ref\":\"" + branch
                                            + "\"},\"base\":{\"ref\":\"main\"}}");
        }
        ResponseDefinitionBuilder response = jsonResponse(list.append("]").toString(), 200);
        if (provider.equals("gitee")) {
            return response.withHeader("total_page", "3");
        }
        return provider.equals("gitlab")
                ? response.withHeader("X-Next-Page", more ? "2" : "")
                : response.withHeader(
                        "Link", more ? "<https://elsewhere.invalid/steal?page=2>; rel=\"next\"" : "<x>; rel=\"first\"");
    }

    @Test
    void aServiceWithoutEndIsGivenUp() {
        SERVER.stubFor(get(anyUrl()).willReturn(page("github", 8, 100, true)));
        assertThatThrownBy(() -> wired("github").findOpen("feature/req-7", "main"))
                .hasMessageContaining("more than 5000 entries");
        SERVER.verify(50, getRequestedFor(anyUrl()));
    }

    @Test
    void oneOfAForkWithTheSameBranchIsNotOurs() throws Exception {
        SERVER.stubFor(get(anyUrl())
                .willReturn(jsonResponse(
                        "[{\"number\":3,\"state\":\"open\",\"html_url\":\"https://x/3\",\"head\":{\"ref\":\"feature/req-7\","
                                + "\"repo\":{\"full_name\":\"mallory/shop\"}},\"base\":{\"ref\":\"main\"}}]",
                        200)));
        assertThat(wired("github").findOpen("feature/req-7", "main")).isEmpty();
    }

    private void refused(int status, String body, Kind kind, String... words) {
        SERVER.stubFor(any(anyUrl()).willReturn(jsonResponse(body, status)));
        for (String provider : new String[] {"gitee", "github", "gitlab"}) {
            MergeRequestProblem problem = catchThrowableOfType(
                    MergeRequestProblem.class, () -> wired(provider).get(1));
            assertThat(problem).as(provider).hasMessageContainingAll(words).hasMessageNotContaining(TOKEN);
            assertThat(problem.kind()).isEqualTo(kind);
        }
        assertThat(slept).isEmpty();
    }

    @Test
    void everyRefusalSaysWhatToDo() {
        refused(401, "{\"message\":\"Bad credentials\"}", Kind.TOKEN_REFUSED, "refuses the token", "Bad credentials");
        refused(403, "{\"message\":\"403 Forbidden\"}", Kind.FORBIDDEN, "needs the right", "acme/shop");
        refused(404, "{\"message\":\"404 Project Not Found\"}", Kind.NOT_FOUND, "acme/shop", "Check the repository");
        refused(409, "{\"message\":[\"Another open merge request: !5\"]}", Kind.CONFLICT, "!5");
        refused(
                422,
                "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":\"PullRequest\",\"message\":\"No commits between main and x\"}]}",
                Kind.REFUSED,
                "Validation Failed",
                "No commits between");
        refused(422, "{\"message\":\"bad " + TOKEN + "\"}", Kind.REFUSED, "(422)");
        refused(418, "<html>", Kind.REFUSED, "418");
    }

    @Test
    void aTokenIsNotSentToAnotherHost() {
        SERVER.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(301)
                        .withHeader("Location", "http://localhost:" + SERVER.getPort() + "/stolen")));
        for (String provider : new String[] {"gitee", "github", "gitlab"}) {
            MergeRequestProblem problem = catchThrowableOfType(
                    MergeRequestProblem.class, () -> wired(provider).get(1));
            assertThat(problem.kind()).isEqualTo(Kind.MOVED);
        }
        assertThatThrownBy(() -> wired("gitlab").save(draft("Cart", false, false)))
                .isInstanceOf(MergeRequestProblem.class);
        SERVER.verify(0, anyRequestedFor(urlMatching("/stolen.*")));
    }

    @Test
    void theServiceIsGivenTheTimeThatItAsksFor() throws Exception {
        String found = "{\"number\":1,\"state\":\"open\",\"html_url\":\"https://x/1\"}";
        SERVER.stubFor(get(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(jsonResponse("{\"message\":\"slow down\"}", 429).withHeader("Retry-After", "7"))
                .willSetStateTo("reset"));
        SERVER.stubFor(get(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs("reset")
                .willReturn(jsonResponse("{\"message\":\"API rate limit exceeded\"}", 403)
                        .withHeader("x-ratelimit-remaining", "0")
                        .withHeader("x-ratelimit-reset", String.valueOf(NOW.getEpochSecond() + 12)))
                .willSetStateTo("up"));
        SERVER.stubFor(get(anyUrl()).inScenario("s").whenScenarioStateIs("up").willReturn(jsonResponse(found, 200)));

        assertThat(wired("github").get(1).number()).isEqualTo(1);
        assertThat(slept).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(12));
    }

    @Test
    void aServiceThatAsksForTooMuchTimeIsGivenUp() {
        SERVER.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", 429).withHeader("Retry-After", "3600")));
        MergeRequestProblem problem = catchThrowableOfType(
                MergeRequestProblem.class, () -> wired("gitee").save(draft("x", false, false)));
        assertThat(problem.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(problem).hasMessageContaining("3,600 seconds");
        assertThat(slept).isEmpty();
    }

    @Test
    void aServiceThatIsDownIsAskedThreeTimesAndOpeningIsNotRepeated() {
        SERVER.stubFor(get(anyUrl()).willReturn(jsonResponse("[]", 200)));
        SERVER.stubFor(post(anyUrl()).willReturn(jsonResponse("{}", 502)));
        assertThatThrownBy(() -> wired("github").save(draft("x", false, false)))
                .isNotInstanceOf(MergeRequestProblem.class)
                .hasMessageContaining("502");
        SERVER.verify(1, postRequestedFor(anyUrl()));
        SERVER.resetAll();
        SERVER.stubFor(get(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        assertThatThrownBy(() -> wired("github").get(1)).hasMessageContaining("cannot be reached");
        assertThat(slept).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void oneWhoseAnswerWasLostIsFoundAndNotOpenedTwice(String provider) throws Exception {
        String open = provider.equals("gitlab")
                ? "[{\"iid\":5,\"state\":\"opened\",\"web_url\":\"https://x/5\",\"source_branch\":\"feature/req-7\",\"target_branch\":\"main\"}]"
                : "[{\"number\":5,\"state\":\"open\",\"html_url\":\"https://x/5\",\"head\":{\"ref\":\"feature/req-7\"},\"base\":{\"ref\":\"main\"}}]";
        SERVER.stubFor(get(anyUrl())
                .inScenario("lost")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(jsonResponse("[]", 200)));
        SERVER.stubFor(post(anyUrl())
                .inScenario("lost")
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE))
                .willSetStateTo("there"));
        SERVER.stubFor(
                get(anyUrl()).inScenario("lost").whenScenarioStateIs("there").willReturn(jsonResponse(open, 200)));

        MergeRequestDraft draft = new MergeRequestDraft(
                new Branches("feature/req-7", "main"), "Cart", "", List.of(), List.of(), false, false);
        assertThat(wired(provider).save(draft).request().number()).isEqualTo(5);
        SERVER.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void slowAndBrokenAnswersEndInAClearError() {
        SERVER.stubFor(get(anyUrl()).willReturn(jsonResponse("[]", 200).withFixedDelay(2500)));
        assertThatThrownBy(() -> wired("gitee").get(1)).hasMessageContaining("did not answer within 2 s");
        for (String body :
                new String[] {"", "<html>login</html>", "[1,2]", "{\"number\":1,\"html_url\":\"javascript:x\"}", "null"
                }) {
            SERVER.stubFor(get(anyUrl()).willReturn(jsonResponse(body, 200)));
            assertThatThrownBy(() -> wired("gitee").get(1))
                    .as(body)
                    .hasMessageContaining("something that is not its API");
            assertThatThrownBy(() -> wired("gitee").head("main"))
                    .as(body)
                    .hasMessageContaining("something that is not its API");
        }
        SERVER.stubFor(get(anyUrl()).willReturn(aResponse().withBody("x".repeat(200_000))));
        assertThatThrownBy(() -> wired("gitee").get(1)).hasMessageContaining("larger than 100000 bytes");
    }

    @Test
    void aRepositoryWithoutBranchesIsSaid() {
        SERVER.stubFor(get(anyUrl()).willReturn(jsonResponse("{\"full_name\":\"acme/shop\"}", 200)));
        assertThatThrownBy(() -> wired("gitee").defaultBranch()).hasMessageContaining("\"target\"");
        SERVER.verify(getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("token " + TOKEN)));
    }
}
