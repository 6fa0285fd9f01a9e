package io.jenkins.plugins.minibuild.forge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import io.jenkins.plugins.minibuild.forge.ReviewComments.LineComment;
import io.jenkins.plugins.minibuild.forge.ReviewComments.Written;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls and answers are those that the services document; what is written is kept by the stand-in and read back. */
class ReviewCommentsTest {
    private static final String TOKEN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String HEAD = "b".repeat(40);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private final List<Duration> slept = new ArrayList<>();

    private ReviewComments at(int port, String provider) {
        return Forges.with(
                        Http.over(HttpClient.newBuilder(), Duration.ofSeconds(2), 1_000_000),
                        List.of(KnownForge.of("stand-in", provider, "http://127.0.0.1:" + port, null, true)))
                .at("http", "127.0.0.1", port)
                .orElseThrow()
                .reviewComments(
                        "acme",
                        "shop",
                        new ForgeSession(
                                Secret.fromString(TOKEN),
                                Clock.fixed(Instant.ofEpochSecond(1_763_800_000), ZoneOffset.UTC),
                                slept::add,
                                new Random(1)));
    }

    private static List<LineComment> lines(String... marks) {
        List<LineComment> all = new ArrayList<>();
        for (String mark : marks) {
            all.add(new LineComment(mark, "src/app.js", 3, "text of " + mark));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void theSummaryIsWrittenOnceAndChangedAndEachFindingIsCommentedOnce(String provider) throws Exception {
        try (CommentService service = new CommentService(provider, HEAD)) {
            ReviewComments comments = at(service.port(), provider);
            // More than a page of others' comments, one of which copies our mark.
            for (int i = 0; i < 230; i++) {
                service.say(99, "comment " + i);
            }
            service.say(99, "<!-- mini-build-review:sum -->\nnot ours");
            service.say(99, "<!-- mini-build-review:f1 -->\nnot ours");

            Written first = comments.write(7, HEAD, "sum", "Score 40", lines("f1", "f2"));
            Written second = comments.write(7, HEAD, "sum", "Score 90", lines("f2", "f3"));
            Written third = comments.write(7, HEAD, "sum", "Score 90", lines("f2", "f3"));

            assertThat(first).isEqualTo(new Written(false, 2, 0, List.of()));
            assertThat(second).isEqualTo(new Written(true, 1, 1, List.of()));
            assertThat(third).isEqualTo(new Written(true, 0, 2, List.of()));
            assertThat(service.own()).hasSize(4);
            assertThat(service.own().get(0).path("body").asText())
                    .isEqualTo("<!-- mini-build-review:sum -->\nScore 90");
            assertThat(service.changes()).isEqualTo(1);
            JsonNode line = service.own().get(1).path("sent");
            switch (provider) {
                case "gitee" -> {
                    assertThat(line.path("position").asInt()).isEqualTo(4);
                    assertThat(line.path("path").asText()).isEqualTo("src/app.js");
                    assertThat(line.path("commit_id").asText()).isEqualTo(HEAD);
                }
                case "github" -> {
                    assertThat(line.path("line").asInt()).isEqualTo(3);
                    assertThat(line.path("side").asText()).isEqualTo("RIGHT");
                    assertThat(line.path("commit_id").asText()).isEqualTo(HEAD);
                }
                default -> {
                    assertThat(line.path("position").path("new_line").asInt()).isEqualTo(3);
                    assertThat(line.path("position").path("head_sha").asText()).isEqualTo(HEAD);
                    assertThat(line.path("position").path("base_sha").asText()).isEqualTo("a".repeat(40));
                }
            }
            assertThat(service.tokens()).containsOnly(provider.equals("gitee") ? "token " + TOKEN : "Bearer " + TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitee", "github", "gitlab"})
    void aMergeRequestThatMovedOnGetsTheSummaryOnly(String provider) throws Exception {
        try (CommentService service = new CommentService(provider, "c".repeat(40))) {
            Written written = at(service.port(), provider).write(7, HEAD, "sum", "Score 40", lines("f1"));
            assertThat(written.written()).isZero();
            assertThat(written.notes()).singleElement().asString().contains("c".repeat(40));
            assertThat(service.own()).hasSize(1);
        }
    }

    @Test
    void aLineThatTheServiceDoesNotShowIsNotedAndTheOthersAreWritten() throws Exception {
        try (CommentService service = new CommentService("github", HEAD)) {
            service.refuseLine(99);
            List<LineComment> all = new ArrayList<>(lines("f1"));
            all.add(0, new LineComment("f0", "src/app.js", 99, "no"));
            Written written = at(service.port(), "github").write(7, HEAD, "sum", "Score 40", all);
            assertThat(written.written()).isEqualTo(1);
            assertThat(written.notes()).singleElement().asString().contains("src/app.js:99", "422");
        }
        try (CommentService service = new CommentService("gitee", HEAD)) {
            Written written = at(service.port(), "gitee")
                    .write(7, HEAD, "sum", "S", List.of(new LineComment("f0", "other.js", 1, "no")));
            assertThat(written.notes()).singleElement().asString().contains("does not show this line");
        }
    }

    @ParameterizedTest
    @CsvSource({"401,TOKEN_REFUSED", "403,FORBIDDEN", "404,NOT_FOUND", "409,CONFLICT", "422,REFUSED", "302,MOVED"})
    void refusalsAreSentencesWithoutTheToken(int status, Kind kind) {
        SERVER.stubFor(any(anyUrl())
                .willReturn(jsonResponse("{\"message\": \"no " + TOKEN + "\"}", status)
                        .withHeader("Location", "http://elsewhere.invalid/x")));
        for (String provider : List.of("gitee", "github", "gitlab")) {
            assertThatThrownBy(() -> at(SERVER.getPort(), provider).write(7, HEAD, "sum", "S", lines("f1")))
                    .isInstanceOfSatisfying(
                            MergeRequestProblem.class, e -> assertThat(e.kind()).isEqualTo(kind))
                    .hasMessageNotContaining(TOKEN);
        }
    }

    @Test
    void aLimitOfTheRateIsWaitedForAndABrokenAnswerIsAnError() throws Exception {
        SERVER.stubFor(get(urlPathMatching("/api/v3/repos/acme/shop/pulls/7"))
                .inScenario("limit")
                .whenScenarioStateIs("Started")
                .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "3"))
                .willSetStateTo("free"));
        SERVER.stubFor(get(urlPathMatching("/api/v3/repos/acme/shop/pulls/7"))
                .inScenario("limit")
                .whenScenarioStateIs("free")
                .willReturn(jsonResponse(
                        "{\"number\": 7, \"state\": \"open\", \"html_url\": \"http://127.0.0.1/7\", \"head\": {\"ref\": \"f\", \"sha\": \""
                                + HEAD + "\"}, \"base\": {\"ref\": \"main\"}}",
                        200)));
        SERVER.stubFor(get(urlMatching("/api/v3/user")).willReturn(jsonResponse("{\"id\": 1}", 200)));
        SERVER.stubFor(get(urlPathMatching(".*/comments")).willReturn(jsonResponse("[]", 200)));
        SERVER.stubFor(post(urlPathMatching(".*/issues/7/comments"))
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> at(SERVER.getPort(), "github").write(7, HEAD, "sum", "S", lines()))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining(TOKEN);
        assertThat(slept).containsExactly(Duration.ofSeconds(3));

        SERVER.stubFor(post(urlPathMatching(".*/issues/7/comments"))
                .willReturn(aResponse().withStatus(201).withBody("<html>")));
        assertThatThrownBy(() -> at(SERVER.getPort(), "github").write(7, HEAD, "sum", "S", lines()))
                .isInstanceOf(IOException.class);

        SERVER.stubFor(post(urlPathMatching(".*/issues/7/comments"))
                .willReturn(jsonResponse("{}", 201).withFixedDelay(4000)));
        assertThatThrownBy(() -> at(SERVER.getPort(), "github").write(7, HEAD, "sum", "S", lines()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 s");
    }

    @Test
    void theTokenOfAnAppThatHasNoAccountWillDo() throws Exception {
        try (CommentService service = new CommentService("github", HEAD)) {
            service.hideAccount();
            ReviewComments comments = at(service.port(), "github");
            comments.write(7, HEAD, "sum", "S", lines("f1"));
            assertThat(comments.write(7, HEAD, "sum", "S", lines("f1"))).isEqualTo(new Written(true, 0, 1, List.of()));
        }
    }

    @Test
    void positionsAreCountedBelowTheFirstHunk() {
        String diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@ f\n a\n+b\n c\n@@ -10 +11,2 @@\n-k\n+l\n+m";
        assertThat(GiteeReviewComments.position(diff, 2)).isEqualTo(2);
        assertThat(GiteeReviewComments.position(diff, 11)).isEqualTo(6);
        assertThat(GiteeReviewComments.position(diff, 12)).isEqualTo(7);
        assertThat(GiteeReviewComments.position(diff, 5)).isZero();
        assertThat(GiteeReviewComments.position("", 1)).isZero();
    }

    /** Comments of merge request 7 of acme/shop, as the three services keep them. */
    private static final class CommentService implements AutoCloseable {
        private final com.sun.net.httpserver.HttpServer server;
        private final String provider;
        private final String head;
        private final List<ObjectNode> all = new ArrayList<>();
        private final List<String> tokens = new ArrayList<>();
        private int changes;
        private int refused;
        private boolean hidden;

        CommentService(String provider, String head) throws IOException {
            this.provider = provider;
            this.head = head;
            server = com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", this::handle);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        synchronized void say(int account, String text) {
            ObjectNode comment =
                    JSON.createObjectNode().put("id", 1000 + all.size()).put("body", text);
            comment.putObject("user").put("id", account);
            comment.putObject("author").put("id", account);
            all.add(comment);
        }

        synchronized List<ObjectNode> own() {
            return all.stream()
                    .filter(each -> each.path("user").path("id").asInt() == 5)
                    .toList();
        }

        synchronized int changes() {
            return changes;
        }

        synchronized List<String> tokens() {
            return List.copyOf(tokens);
        }

        void refuseLine(int line) {
            refused = line;
        }

        void hideAccount() {
            hidden = true;
        }

        private synchronized void handle(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
            try (exchange) {
                tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] bytes = exchange.getRequestBody().readAllBytes();
                JsonNode sent = bytes.length == 0 ? null : JSON.readTree(bytes);
                String path = exchange.getRequestURI().getRawPath();
                String query = String.valueOf(exchange.getRequestURI().getQuery());
                String method = exchange.getRequestMethod();
                boolean inline = sent != null && (sent.has("path") || sent.has("position"));
                JsonNode answer;
                int status = 200;
                if (path.endsWith("/user")) {
                    status = hidden ? 403 : 200;
                    answer = JSON.createObjectNode()
                            .put("id", 5)
                            .put("message", "Resource not accessible by integration");
                } else if (path.matches(".*/(pulls|merge_requests)/7")) {
                    answer = request();
                } else if (path.endsWith("/pulls/7/files")) {
                    ArrayNode files = JSON.createArrayNode();
                    files.addObject()
                            .put("filename", "src/app.js")
                            .putObject("patch")
                            .put("diff", "--- a/src/app.js\n+++ b/src/app.js\n@@ -1,2 +1,3 @@\n a\n-x\n+b\n+c\n");
                    answer = files;
                } else if (method.equals("POST") && inline && sent.path("line").asInt() == refused && refused > 0) {
                    status = 422;
                    answer = JSON.createObjectNode()
                            .put("message", "pull_request_review_thread.line must be part of the diff");
                } else if (method.equals("POST") && path.matches(".*/(comments|notes|discussions)")) {
                    say(5, sent.path("body").asText());
                    all.get(all.size() - 1).set("sent", sent);
                    all.get(all.size() - 1).put("inline", inline);
                    status = 201;
                    answer = JSON.createObjectNode().put("id", 1);
                } else if (method.matches("PUT|PATCH")) {
                    String id = path.substring(path.lastIndexOf('/') + 1);
                    ObjectNode changed = all.stream()
                            .filter(each -> each.path("id").asText().equals(id))
                            .findFirst()
                            .orElseThrow();
                    changed.put("body", sent.path("body").asText());
                    changes++;
                    answer = changed;
                } else {
                    answer = page(path, query, exchange);
                }
                byte[] out = JSON.writeValueAsBytes(answer);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, out.length);
                exchange.getResponseBody().write(out);
            }
        }

        private JsonNode request() {
            ObjectNode request = JSON.createObjectNode()
                    .put("number", 7)
                    .put("iid", 7)
                    .put("title", "t")
                    .put("state", provider.equals("gitlab") ? "opened" : "open")
                    .put("html_url", "http://127.0.0.1:" + port() + "/acme/shop/pull/7")
                    .put("web_url", "http://127.0.0.1:" + port() + "/acme/shop/-/merge_requests/7")
                    .put("source_branch", "f")
                    .put("target_branch", "main")
                    .put("sha", head);
            request.putObject("head").put("ref", "f").put("sha", head);
            request.putObject("base").put("ref", "main");
            request.putObject("diff_refs")
                    .put("base_sha", "a".repeat(40))
                    .put("start_sha", "a".repeat(40))
                    .put("head_sha", head);
            return request;
        }

        /** GitHub has comments of the whole and of lines in two lists, the others in one. */
        private JsonNode page(String path, String query, com.sun.net.httpserver.HttpExchange exchange) {
            List<ObjectNode> of = all.stream()
                    .filter(each ->
                            !provider.equals("github") || each.path("inline").asBoolean() == path.contains("/pulls/"))
                    .toList();
            int page = Integer.parseInt(query.replaceAll(".*[?&]?page=(\\d+)$", "$1"));
            ArrayNode list = JSON.createArrayNode();
            of.stream().skip((page - 1) * 100L).limit(100).forEach(each -> {
                if (provider.equals("gitlab")) {
                    list.addObject().putArray("notes").add(each);
                } else {
                    list.add(each);
                }
            });
            boolean more = of.size() > page * 100;
            switch (provider) {
                case "gitlab" -> exchange.getResponseHeaders().set("X-Next-Page", more ? String.valueOf(page + 1) : "");
                case "gitee" -> exchange.getResponseHeaders().set("total_page", String.valueOf((of.size() + 99) / 100));
                default ->
                    exchange.getResponseHeaders()
                            .set("Link", more ? "<http://elsewhere.invalid/>; rel=\"next\"" : "<x>; rel=\"first\"");
            }
            return list;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
