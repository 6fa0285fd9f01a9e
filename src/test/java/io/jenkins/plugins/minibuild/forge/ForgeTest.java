package io.jenkins.plugins.minibuild.forge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.forge.RepositoryProblem.Kind;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The answers are those that the services document. */
class ForgeTest {
    private static final String TOKEN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private static final String GITEE = "/api/v5/repos/acme/shop";
    private static final String GITHUB = "/api/v3/repos/acme/shop";
    private static final String GITLAB = "/api/v4/projects/acme%2Fshop";

    private static Forge forge(String provider) {
        return Forges.with(
                        Http.over(HttpClient.newBuilder(), Duration.ofSeconds(2), 10_000),
                        List.of(KnownForge.of(
                                "stand-in", provider, "http://127.0.0.1:" + SERVER.getPort(), null, true)))
                .at("http", "127.0.0.1", SERVER.getPort())
                .orElseThrow();
    }

    private static void answer(String path, ResponseDefinitionBuilder response) {
        SERVER.stubFor(get(urlEqualTo(path)).willReturn(response));
    }

    private static RepositoryInfo lookUp(String provider, String token) throws Exception {
        return forge(provider).lookUp("acme", "shop", token == null ? null : Secret.fromString(token));
    }

    private static void problem(String provider, Kind kind, String words) {
        RepositoryProblem problem = catchThrowableOfType(RepositoryProblem.class, () -> lookUp(provider, TOKEN));
        assertThat(problem).hasMessageContaining(words).hasMessageNotContaining(TOKEN);
        assertThat(problem.kind()).isEqualTo(kind);
    }

    private static void unchecked(String provider, String words) {
        assertThatThrownBy(() -> lookUp(provider, TOKEN))
                .isInstanceOf(UncheckedRepositoryException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void aReadableRepositoryIsDescribedAndTheTokenTravelsInAHeader() throws Exception {
        answer(
                GITEE,
                jsonResponse("{\"full_name\":\"acme/shop\",\"private\":true,\"default_branch\":\"master\"}", 200));
        answer(
                GITHUB,
                jsonResponse("{\"full_name\":\"acme/shop\",\"private\":false,\"default_branch\":\"main\"}", 200));
        answer(
                GITLAB,
                jsonResponse(
                        "{\"path_with_namespace\":\"acme/shop\",\"visibility\":\"internal\",\"default_branch\":null}",
                        200));

        assertThat(lookUp("gitee", TOKEN)).isEqualTo(new RepositoryInfo("acme/shop", "master", true));
        assertThat(lookUp("github", TOKEN)).isEqualTo(new RepositoryInfo("acme/shop", "main", false));
        assertThat(lookUp("gitlab", TOKEN)).isEqualTo(new RepositoryInfo("acme/shop", null, true));

        SERVER.verify(getRequestedFor(urlEqualTo(GITEE)).withHeader("Authorization", equalTo("token " + TOKEN)));
        SERVER.verify(getRequestedFor(urlEqualTo(GITHUB)).withHeader("Authorization", equalTo("Bearer " + TOKEN)));
        SERVER.verify(getRequestedFor(urlEqualTo(GITLAB)).withHeader("Authorization", equalTo("Bearer " + TOKEN)));
    }

    @Test
    void aTokenThatIsRefusedIsNamedInTheServicesWords() {
        answer(GITEE, jsonResponse("{\"message\":\"401 Unauthorized: Access token does not exist\"}", 401));
        answer(GITHUB, jsonResponse("{\"message\":\"Bad credentials\"}", 401));
        answer(GITLAB, jsonResponse("{\"error\":\"invalid_token\",\"error_description\":\"Token was revoked.\"}", 401));

        problem("gitee", Kind.TOKEN_REFUSED, "Access token does not exist");
        problem("github", Kind.TOKEN_REFUSED, "Bad credentials");
        problem("gitlab", Kind.TOKEN_REFUSED, "Token was revoked");
    }

    @Test
    void aServiceThatRepeatsTheTokenIsNotQuoted() {
        answer(GITEE, jsonResponse("{\"message\":\"bad token " + TOKEN + "\"}", 401));

        problem("gitee", Kind.TOKEN_REFUSED, "unknown, revoked or expired");
    }

    @Test
    void aMissingScopeIsNamed() {
        answer(GITEE, jsonResponse("{\"message\":\"403 Forbidden\"}", 403));
        problem("gitee", Kind.SCOPE_MISSING, "\"projects\"");

        answer(
                GITHUB,
                jsonResponse("{\"message\":\"Not Found\"}", 404).withHeader("X-OAuth-Scopes", "read:user, gist"));
        answer("/api/v3/user", jsonResponse("{\"login\":\"acme\"}", 200));
        problem("github", Kind.SCOPE_MISSING, "\"repo\"");
    }

    @Test
    void aGitLabTokenThatReadsCodeOnlyIsNotRefused() {
        answer(GITLAB, jsonResponse("{\"error\":\"insufficient_scope\",\"scope\":\"api read_api\"}", 403));

        unchecked("gitlab", "read_api");
    }

    @Test
    void anUnknownRepositoryIsToldFromAnUnknownToken() {
        for (String provider : new String[] {"gitee", "github", "gitlab"}) {
            String path = provider.equals("gitee") ? GITEE : provider.equals("github") ? GITHUB : GITLAB;
            String user = path.substring(0, "/api/v5".length()) + "/user";
            answer(path, jsonResponse("{\"message\":\"404 Not Found\"}", 404));
            answer(user, jsonResponse("{\"login\":\"acme\"}", 200));
            problem(provider, Kind.UNKNOWN_REPOSITORY, "no repository acme/shop");

            answer(user, jsonResponse("{\"message\":\"401 Unauthorized\"}", 401));
            problem(provider, Kind.TOKEN_REFUSED, "refuses the token");
        }
        assertThatThrownBy(() -> lookUp("gitee", null)).hasMessageContaining("no public repository acme/shop");
    }

    @Test
    void limitsAndFailuresOnlyWarn() {
        answer(
                GITHUB,
                jsonResponse("{\"message\":\"API rate limit exceeded\"}", 403)
                        .withHeader("x-ratelimit-remaining", "0"));
        unchecked("github", "limits the rate");
        answer(GITEE, jsonResponse("{\"message\":\"Rate Limit Exceeded\"}", 403));
        unchecked("gitee", "limits the rate");
        answer(GITEE, aResponse().withStatus(502).withBody("<html>"));
        unchecked("gitee", "502");
        answer(GITEE, aResponse().withStatus(200).withBody("<html>"));
        unchecked("gitee", "not its API");
        answer(GITEE, aResponse().withStatus(200).withBody("x".repeat(20_000)));
        unchecked("gitee", "larger than 10000 bytes");
        answer(GITEE, aResponse().withStatus(200).withBody("{}").withFixedDelay(4000));
        unchecked("gitee", "did not answer");
        answer(GITEE, aResponse().withStatus(200).withBody("{ }").withChunkedDribbleDelay(3, 6000));
        unchecked("gitee", "did not answer");
    }

    @Test
    void aRedirectIsFollowedOnTheSameServerOnly() throws Exception {
        answer(GITHUB, aResponse().withStatus(301).withHeader("Location", "/api/v3/repositories/7"));
        answer("/api/v3/repositories/7", jsonResponse("{\"full_name\":\"acme/store\"}", 200));
        assertThat(lookUp("github", TOKEN).fullName()).isEqualTo("acme/store");

        answer(
                GITHUB,
                aResponse().withStatus(302).withHeader("Location", "http://localhost:" + SERVER.getPort() + "/stolen"));
        unchecked("github", "302");
        SERVER.verify(0, getRequestedFor(urlEqualTo("/stolen")));
    }

    @Test
    void servicesAreKnownByTheirHosts() {
        Forges forges = Forges.with(
                Http.over(HttpClient.newBuilder()),
                List.of(KnownForge.of("ours", "gitlab", "https://git.example.com/", null, false)));
        assertThat(forges.at("https", "Gitee.com", -1).orElseThrow().name()).isEqualTo("Gitee");
        assertThat(forges.at("https", "github.com", -1).orElseThrow().name()).isEqualTo("GitHub");
        assertThat(forges.at("https", "gitlab.example.com", -1)).isEmpty();
        assertThat(forges.at("http", "gitee.com", -1)).isEmpty();
        assertThat(forges.at("http", "git.example.com", 443)).isEmpty();
        assertThat(forges.atHost("gitlab.example.com")).isEmpty();
        assertThat(forges.at("https", "git.example.com", -1).orElseThrow().name())
                .isEqualTo("GitLab");
        assertThat(forges.at("https", "example.com", -1)).isEmpty();
    }

    private static final CommitStatus PENDING = new CommitStatus(
            "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b",
            CommitStatus.State.PENDING,
            "jenkins/shop",
            "shop #7",
            "https://ci.example.com/job/shop/7/");

    private static CommitStatus ended(CommitStatus.State state) {
        return new CommitStatus(PENDING.commit(), state, PENDING.context(), "x".repeat(200), PENDING.link());
    }

    private static String report(String provider, CommitStatus status, String previous) throws Exception {
        return forge(provider).report("acme", "shop", status, Secret.fromString(TOKEN), previous);
    }

    @Test
    void theStateOfACommitIsShownAsEachServiceHasIt() throws Exception {
        SERVER.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"id\":31}", 201)));
        String statuses = "/statuses/" + PENDING.commit();
        report("github", PENDING, null);
        report("github", ended(CommitStatus.State.CANCELLED), "31");
        report("gitlab", PENDING, null);
        report("gitlab", ended(CommitStatus.State.FAILURE), "31");
        assertThat(report("gitee", PENDING, null)).isEqualTo("31");
        report("gitee", ended(CommitStatus.State.SUCCESS), "31");
        SERVER.verify(postRequestedFor(urlEqualTo(GITHUB + statuses))
                .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                .withRequestBody(equalToJson("{\"state\":\"pending\",\"context\":\"jenkins/shop\","
                        + "\"description\":\"shop #7\",\"target_url\":\"https://ci.example.com/job/shop/7/\"}")));
        SERVER.verify(postRequestedFor(urlEqualTo(GITHUB + statuses))
                .withRequestBody(matchingJsonPath("$[?(@.state == 'error')]"))
                .withRequestBody(matchingJsonPath("$.description", matching("x{140}"))));
        SERVER.verify(postRequestedFor(urlEqualTo(GITLAB + statuses))
                .withRequestBody(matchingJsonPath("$[?(@.state == 'running' && @.name == 'jenkins/shop')]")));
        SERVER.verify(postRequestedFor(urlEqualTo(GITLAB + statuses))
                .withRequestBody(matchingJsonPath("$[?(@.state == 'failed')]")));
        SERVER.verify(postRequestedFor(urlEqualTo(GITEE + "/check-runs"))
                .withRequestBody(matchingJsonPath(
                        "$[?(@.status == 'in_progress' && @.head_sha == '" + PENDING.commit() + "')]")));
        SERVER.verify(patchRequestedFor(urlEqualTo(GITEE + "/check-runs/31"))
                .withRequestBody(matchingJsonPath("$[?(@.status == 'completed' && @.conclusion == 'success')]")));
    }

    @Test
    void aRefusedStateIsTheUsersToMendAndAnotherFailureIsTriedAgainByTheCaller() {
        SERVER.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"message\":\"no\"}", 403)));
        assertThatThrownBy(() -> report("github", PENDING, null))
                .isInstanceOf(RefusedStatusException.class)
                .hasMessageContaining("repo:status")
                .hasMessageContaining("403")
                .hasMessageNotContaining(TOKEN);
        SERVER.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", 502)));
        assertThatThrownBy(() -> report("github", PENDING, null))
                .isInstanceOf(java.io.IOException.class)
                .isNotInstanceOf(RefusedStatusException.class);
    }

    @Test
    void theNewestCommitOfAMergeRequestIsAskedFor() throws Exception {
        String commit = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";
        String pull =
                "{\"head\":{\"sha\":\"" + commit + "\",\"repo\":%s},\"base\":{\"repo\":{\"full_name\":\"acme/shop\"}}}";
        for (String[] each : new String[][] {{"github", GITHUB}, {"gitee", GITEE}}) {
            answer(each[1] + "/pulls/7", jsonResponse(pull.formatted("{\"full_name\":\"Acme/shop\"}"), 200));
            assertThat(forge(each[0]).head("acme", "shop", 7, null)).isEqualTo(new Forge.Head(commit, false));
            answer(each[1] + "/pulls/7", jsonResponse(pull.formatted("{\"full_name\":\"eve/shop\"}"), 200));
            assertThat(forge(each[0]).head("acme", "shop", 7, null).fork()).isTrue();
            answer(each[1] + "/pulls/7", jsonResponse(pull.formatted("null"), 200));
            assertThat(forge(each[0]).head("acme", "shop", 7, null).fork()).isTrue();
        }
        answer(
                GITLAB + "/merge_requests/7",
                jsonResponse("{\"sha\":\"" + commit + "\",\"source_project_id\":1,\"target_project_id\":2}", 200));
        assertThat(forge("gitlab").head("acme", "shop", 7, null)).isEqualTo(new Forge.Head(commit, true));
        answer(GITHUB + "/pulls/8", jsonResponse("{}", 200));
        assertThatThrownBy(() -> forge("github").head("acme", "shop", 8, null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> forge("github").head("acme", "shop", 9, null)).isInstanceOf(IOException.class);
    }

    @Test
    void whoMayWriteIsAskedFor() throws Exception {
        for (String[] each : new String[][] {{"github", GITHUB}, {"gitee", GITEE}}) {
            for (String right : List.of("admin", "write", "read", "none")) {
                answer(
                        each[1] + "/collaborators/li%20na/permission",
                        jsonResponse("{\"permission\":\"" + right + "\"}", 200));
                assertThat(forge(each[0]).mayWrite("acme", "shop", "li na", Secret.fromString(TOKEN)))
                        .as(right)
                        .isEqualTo(right.equals("admin") || right.equals("write"));
            }
        }
        for (int level : new int[] {10, 20, 30, 50}) {
            answer(GITLAB + "/members/all/4", jsonResponse("{\"access_level\":" + level + "}", 200));
            assertThat(forge("gitlab").mayWrite("acme", "shop", "4", Secret.fromString(TOKEN)))
                    .isEqualTo(level >= 30);
        }
        answer(GITLAB + "/members/all/5", jsonResponse("{}", 404));
        assertThat(forge("gitlab").mayWrite("acme", "shop", "5", Secret.fromString(TOKEN)))
                .isFalse();
        assertThatThrownBy(() -> forge("gitlab").mayWrite("acme", "shop", "5", null))
                .isInstanceOf(IOException.class);
        answer(GITLAB + "/members/all/6", jsonResponse("{}", 403));
        assertThatThrownBy(() -> forge("gitlab").mayWrite("acme", "shop", "6", Secret.fromString(TOKEN)))
                .isInstanceOf(IOException.class);
    }
}
