package io.jenkins.plugins.minibuild.controller;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.WebElement;

/** Webhooks on a real controller: endpoint, pages, permissions, crashes. Skipped without one. */
@Timeout(300)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebhookControllerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "Shared-Secret-9917";
    private static final String STATUS_TOKEN = "status-token-5d2e8812";
    private static final String COMMIT = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";
    private static final String HOSTILE =
            "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> ${7*7}";
    private static final String PAGE = "/mini-build-webhook/";

    private static Path folder;
    private static RealController controller;
    private static WireMockServer forge;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void boot() throws Exception {
        folder = Path.of("target/controller-webhook").toAbsolutePath();
        controller = RealController.start(folder);
        forge = new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
        forge.start();
        prepare();
        controller.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl
                import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl
                import hudson.util.Secret
                def store = SystemCredentialsProvider.instance.store
                store.addCredentials(Domain.global(), new StringCredentialsImpl(CredentialsScope.GLOBAL, 'hook-secret', '', Secret.fromString('%s')))
                store.addCredentials(Domain.global(), new StringCredentialsImpl(CredentialsScope.GLOBAL, 'status-token', '', Secret.fromString('%s')))
                store.addCredentials(Domain.global(), new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, 'azure-login', '', 'azure', '%s'))
                """.formatted(SECRET, STATUS_TOKEN, SECRET));
        String loaded = controller.script("""
                import io.jenkins.plugins.casc.*
                import io.jenkins.plugins.casc.yaml.YamlSource
                def yaml = '''
                unclassified:
                  miniBuildWebhooks:
                    overlapHours: 48
                    secrets:
                    - provider: github
                      credentialsId: hook-secret
                    - provider: azure
                      credentialsId: azure-login
                  miniPrograms:
                    profiles:
                    - name: shop-app
                      appId: wx0123456789abcdef
                      privateKeyCredentialsId: miniprogram-key
                      appType: native
                      gitUrl: https://github.com/acme/mini.git
                      autoBuild: true
                      job: profile-job
                '''
                ConfigurationAsCode.get().configureWith(YamlSource.of(new ByteArrayInputStream(yaml.stripIndent().bytes)))
                println 'loaded'
                """);
        assertThat(loaded).contains("loaded");
    }

    private static void prepare() throws Exception {
        controller.script(RealController.knowing("gitee", "127.0.0.1:" + forge.port())
                + "; hudson.model.Queue.Saver.DELAY_SECONDS = 3600");
    }

    @AfterAll
    static void stop() throws IOException {
        if (forge != null) {
            forge.stop();
        }
        if (controller != null) {
            controller.close();
        }
    }

    private static byte[] push(String repository, String branch, String message) throws IOException {
        ObjectNode body = (ObjectNode) JSON.readTree(
                Path.of("src/test/resources/webhook/gitee-push.json").toFile());
        body.put("ref", "refs/heads/" + branch);
        ((ObjectNode) body.get("head_commit")).put("message", message);
        for (String name : new String[] {"repository", "project"}) {
            ((ObjectNode) body.get(name)).put("full_name", repository);
            ((ObjectNode) body.get(name)).put("clone_url", "https://github.com/" + repository + ".git");
            ((ObjectNode) body.get(name)).put("git_http_url", "https://github.com/" + repository + ".git");
        }
        body.put("nonce", UUID.randomUUID().toString());
        return JSON.writeValueAsBytes(body);
    }

    private static HttpResponse<String> send(String url, Map<String, String> headers, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Reads the answer while it sends: the server need not read the body to its end, and may close before. */
    private static int statusForABodyOf(int bytes, String url) throws Exception {
        URI address = URI.create(url);
        Thread sender;
        String status;
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + address.getRawPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                            + "\r\nContent-Type: application/json\r\nX-Gitee-Event: Push Hook\r\nContent-Length: "
                            + bytes
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            sender = new Thread(() -> {
                byte[] piece = new byte[1 << 16];
                try {
                    for (int sent = 0; sent < bytes; sent += piece.length) {
                        out.write(piece);
                    }
                } catch (IOException e) {
                    // The server has answered and closed.
                }
            });
            sender.start();
            status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
        sender.join();
        return Integer.parseInt(status.split(" ")[1]);
    }

    private static HttpResponse<String> gitee(String url, byte[] body) throws Exception {
        return send(
                url,
                Map.of("X-Gitee-Event", "Push Hook", "X-Gitee-Timestamp", String.valueOf(System.currentTimeMillis())),
                body);
    }

    private static HttpResponse<String> gitHub(byte[] body, String secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-GitHub-Event", "push");
        headers.put("X-GitHub-Delivery", UUID.randomUUID().toString());
        headers.put("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)));
        return send(controller.url() + "mini-build-webhook/", headers, body);
    }

    /** Makes an address for a job or profile as its page does. */
    private static String address(String page) throws Exception {
        HttpResponse<String> answer = controller.post(page + "token", Map.of());
        assertThat(answer.statusCode()).isEqualTo(200);
        Matcher address =
                Pattern.compile("mini-build-webhook-address\">([^<]+)<").matcher(answer.body());
        assertThat(address.find()).isTrue();
        assertThat(address.group(1)).matches(Pattern.quote(controller.url()) + "mini-build-webhook/\\w{12}/\\w{32}");
        return address.group(1);
    }

    private static void awaitBuild(String job, int number) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (controller.get("job/" + job + "/" + number + "/api/json").statusCode() != 200) {
            assertThat(deadline.expired())
                    .as(job + " #" + number + " did not start")
                    .isFalse();
            Thread.sleep(100);
        }
    }

    private static Path stored(String name) {
        return controller.home().resolve(name);
    }

    private static int builds(String job) throws Exception {
        return controller
                .json("job/" + job + "/api/json?tree=builds[number]")
                .get("builds")
                .size();
    }

    @Test
    @Order(1)
    void aPipelineThatNeverRanIsStartedByItsOwnAddress() throws Exception {
        controller.createPipeline("never-run", Files.readString(Path.of("docs/examples/webhook/Jenkinsfile")));
        String address = address("job/never-run" + PAGE);
        HttpResponse<String> answer = gitee(address, push("acme/shop", "main", HOSTILE + "\nsecond line"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body()).at("/builds/0/job").asText()).isEqualTo("never-run");
        awaitBuild("never-run", 1);
        assertThat(controller.await("never-run", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        assertThat(controller.console("never-run", 1))
                .contains("push of main at " + COMMIT)
                .contains("Gitee: 林 pushed 1c06e1a5f2 to main");
        // Now the trigger of the Jenkinsfile is known: it wants main and release/* only.
        assertThat(gitee(address, push("acme/shop", "dev", "x")).body()).contains("the branch 'dev' is not wanted");
        assertThat(gitee(address, push("acme/shop", "main", "x [skip ci]")).body())
                .contains("skip");
        assertThat(builds("never-run")).isEqualTo(1);

        assertThat(gitee(address + "x", push("acme/shop", "main", "x")).statusCode())
                .isEqualTo(401);
        assertThat(controller.get(URI.create(address).getPath().substring(1)).statusCode())
                .isEqualTo(405);
        assertThat(send(address, Map.of("Content-Type", "text/xml", "X-Gitee-Event", "Push Hook"), new byte[] {'<'})
                        .statusCode())
                .isEqualTo(415);
        assertThat(statusForABodyOf(26 << 20, address)).isEqualTo(413);
        assertThat(gitee(controller.url() + "mini-build-webhook/abcdefghijkl/abc", push("a/b", "main", "x"))
                        .statusCode())
                .isEqualTo(404);
        String token = address.substring(address.lastIndexOf('/') + 1);
        assertThat(RealController.filesWith(token, stored("mini-build"), stored("jobs")))
                .isEmpty();
        assertThat(RealController.filesWith("Gitee-Secret-0042", stored("mini-build"), stored("jobs")))
                .isEmpty();
    }

    @Test
    @Order(0)
    void aPushOfAnAnnotatedTagBuildsItsCommitAndTheBuildListsItsChanges() throws Exception {
        try (GiteeService gitee = GiteeService.start(folder.resolve("gitee"))) {
            String url = gitee.gitUrl("acme", "tea");
            controller.script(RealController.knowing("gitee", URI.create(url).getAuthority()));
            Path repository = gitee.createRepository("acme", "tea", false);
            Path files = Files.createDirectories(folder.resolve("tea-files"));
            Files.writeString(files.resolve("app.json"), "{}");
            String first = GiteeService.commit(repository, files, "main", "First pages");
            controller.createPipeline("tea", """
                    properties([pipelineTriggers([miniBuildWebhook(tag: true, branches: '**')])])
                    node {
                        def known = env.MINIBUILD_COMMIT
                        def commit = giteeCheckout(url: '%s')
                        echo "known [${known}] built [${commit.commit}] of [${commit.branch}] now [${env.MINIBUILD_COMMIT}]"
                    }""".formatted(url));
            String address = address("job/tea" + PAGE);
            assertThat(gitee(address, event(url, "refs/heads/main", first, first))
                            .statusCode())
                    .isEqualTo(202);
            awaitBuild("tea", 1);
            assertThat(controller.await("tea", 1, Duration.ofMinutes(2)))
                    .as(controller.console("tea", 1))
                    .isEqualTo("SUCCESS");

            Files.writeString(files.resolve("tea.js"), "Page({})");
            String second = GiteeService.commit(repository, files, "main", "The <b>tea</b> list");
            GiteeService.output(repository, "tag", "-a", "-m", "One", "v1.0.0", second);
            String tag = GiteeService.output(repository, "rev-parse", "v1.0.0");
            assertThat(tag).isNotEqualTo(second);
            GiteeService.commit(repository, files, "main", "Not in the tag");
            assertThat(gitee(address, event(url, "refs/tags/v1.0.0", tag, second))
                            .body())
                    .contains("queued: v1.0.0");
            awaitBuild("tea", 2);
            assertThat(controller.await("tea", 2, Duration.ofMinutes(2)))
                    .as(controller.console("tea", 2))
                    .isEqualTo("SUCCESS");
            assertThat(controller.console("tea", 2))
                    .contains("known [" + second + "] built [" + second + "] of [v1.0.0] now [" + second + "]");
            JsonNode changes = controller.json(
                    "job/tea/2/api/json?tree=changeSets[kind,items[commitId,msg,affectedPaths,author[fullName]]]");
            assertThat(changes.at("/changeSets/0/items/0/commitId").asText())
                    .as(changes.toString())
                    .isEqualTo(second);
            assertThat(changes.at("/changeSets/0/items/0/affectedPaths/0").asText())
                    .isEqualTo("tea.js");
            assertThat(changes.at("/changeSets/0/items/0/author/fullName").asText())
                    .isEqualTo("Wang Li");
            String link = "http://" + URI.create(url).getAuthority() + "/acme/tea/commit/" + second;
            String page = controller.get("job/tea/2/").body();
            assertThat(page).contains("v1.0.0", link, "The &lt;b>tea&lt;/b> list", "by Wang Li");
            assertThat(page).doesNotContain("<b>tea</b>");
            assertThat(controller.get("job/tea/2/changes").body())
                    .contains(link, "The &lt;b>tea&lt;/b> list", "tea.js")
                    .doesNotContain("<b>tea</b>", "Failed to determine");

            // Azure DevOps names the tag only.
            String azure = """
                    {"eventType": "git.push", "id": "%s", "resource": {"refUpdates": [
                      {"name": "refs/notes/commits", "newObjectId": "%s"},
                      {"name": "refs/tags/v1.0.0", "oldObjectId": "%s", "newObjectId": "%s"}],
                     "repository": {"name": "tea", "remoteUrl": "%s", "defaultBranch": "refs/heads/main"}}}""".formatted(UUID.randomUUID(), first, "0".repeat(40), tag, url);
            assertThat(send(address, Map.of(), azure.getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(202);
            awaitBuild("tea", 3);
            assertThat(controller.await("tea", 3, Duration.ofMinutes(2)))
                    .as(controller.console("tea", 3))
                    .isEqualTo("SUCCESS");
            assertThat(controller.console("tea", 3))
                    .contains("known [null] built [" + second + "] of [v1.0.0] now [" + second + "]");
        } finally {
            prepare();
        }
    }

    private static byte[] event(String url, String ref, String after, String commit) throws IOException {
        ObjectNode body = (ObjectNode) JSON.readTree(push("acme/tea", "main", "of the event"));
        body.put("ref", ref).put("after", after);
        ((ObjectNode) body.get("head_commit")).put("id", commit);
        for (String name : new String[] {"repository", "project"}) {
            ((ObjectNode) body.get(name)).put("clone_url", url).put("git_http_url", url);
        }
        return JSON.writeValueAsBytes(body);
    }

    @Test
    @Order(2)
    void onlyWhoMayConfigureSeesAndChanges() throws Exception {
        for (String page : new String[] {"job/never-run" + PAGE, "manage/mini-build-webhooks/profile/shop-app/"}) {
            for (String action : new String[] {"token", "remove", "redeliver?number=1"}) {
                assertThat(controller.as(null, null, "POST", page + action).statusCode())
                        .as(page + action)
                        .isEqualTo(403);
                assertThat(controller
                                .as("reader", "reader-password-11", "POST", page + action)
                                .statusCode())
                        .isEqualTo(403);
                assertThat(controller.get(page + action).statusCode()).isEqualTo(405);
            }
            assertThat(controller
                            .as("reader", "reader-password-11", "GET", page)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(controller
                            .as("reader", "reader-password-11", "GET", page + "delivery/1/")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(controller
                        .post("job/never-run" + PAGE + "redeliver", Map.of("number", "1"))
                        .statusCode())
                .isEqualTo(302);
        awaitBuild("never-run", 2);
        assertThat(controller.await("never-run", 2, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        // The paths that need no crumb lead nowhere else.
        String login = RealController.USER + ":" + RealController.PASSWORD;
        String admin = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        for (String detour : new String[] {"../", "%2e%2e/", "x/../../", ";/../"}) {
            HttpResponse<String> answer = send(
                    controller.url() + "mini-build-webhook/" + detour + "createItem?name=evil",
                    Map.of("Authorization", admin, "Content-Type", "application/xml"),
                    "<project/>".getBytes(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(detour).isIn(400, 403, 404);
        }
        assertThat(controller.get("job/evil/api/json").statusCode()).isEqualTo(404);
        assertThat(controller.get("job/never-run" + PAGE + "delivery/999/").statusCode())
                .isEqualTo(404);
    }

    @Test
    @Order(3)
    void theSharedAddressMatchesJobsAndProfilesByRepository() throws Exception {
        controller.createJob("matched", """
                <project><triggers><io.jenkins.plugins.minibuild.webhook.WebhookTrigger>
                  <spec></spec>
                  <branches>main</branches>
                  <repository>git@github.com:acme/shop.git</repository>
                </io.jenkins.plugins.minibuild.webhook.WebhookTrigger></triggers>
                <builders><hudson.tasks.Shell><command>echo "got $MINIBUILD_EVENT $MINIBUILD_BRANCH [$MINIBUILD_MESSAGE]"</command></hudson.tasks.Shell></builders>
                </project>""");
        controller.createPipeline("profile-job", "echo \"profile builds ${env.MINIBUILD_COMMIT}\"");
        byte[] body = push("acme/shop", "main", "$(touch owned) `id`");
        assertThat(gitHub(body, "wrong").statusCode()).isEqualTo(401);
        assertThat(gitHub(body, SECRET).statusCode()).isEqualTo(202);
        awaitBuild("matched", 1);
        assertThat(controller.await("matched", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        assertThat(controller.console("matched", 1)).contains("got push main [$(touch owned) `id`]");
        // The default branch of the repository, as the profile names none.
        assertThat(gitHub(push("acme/mini", "dev", "x"), SECRET).statusCode()).isEqualTo(200);
        assertThat(gitHub(push("acme/mini", "master", "x"), SECRET).statusCode())
                .isEqualTo(202);
        awaitBuild("profile-job", 1);
        assertThat(controller.await("profile-job", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        assertThat(gitHub(push("nobody/knows", "main", "x"), SECRET).body()).contains("no job is about");

        String own = address("manage/mini-build-webhooks/profile/shop-app/");
        assertThat(gitee(own, push("acme/mini", "master", "y")).statusCode()).isEqualTo(202);
        awaitBuild("profile-job", 2);

        // Azure's login is no user of Jenkins, and must reach the endpoint all the same.
        byte[] azure = Files.readAllBytes(Path.of("src/test/resources/webhook/azure-push.json"));
        String login =
                "Basic " + Base64.getEncoder().encodeToString(("azure:" + SECRET).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                send(controller.url() + "mini-build-webhook/", Map.of("Authorization", login), azure);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("Acme/shop");
        String wrong = "Basic " + Base64.getEncoder().encodeToString("admin:nope".getBytes(StandardCharsets.UTF_8));
        assertThat(send(controller.url() + "mini-build-webhook/", Map.of("Authorization", wrong), azure)
                        .body())
                .contains("refused");
    }

    @Test
    @Order(4)
    void statesAreShownAndNewerDeliveriesCancelOlderBuilds() throws Exception {
        forge.stubFor(post(anyUrl()).willReturn(jsonResponse("{\"id\":77}", 201)));
        forge.stubFor(patch(anyUrl()).willReturn(jsonResponse("{\"id\":77}", 200)));
        String repository = "http://127.0.0.1:" + forge.port() + "/acme/shop.git";
        controller.createPipeline("newest", """
                properties([pipelineTriggers([miniBuildWebhook(repository: '%s', cancelSuperseded: true,
                    quietPeriod: 0, statusCredentialsId: 'status-token')])])
                if (env.MINIBUILD_MESSAGE?.contains('slow')) { sleep 120 }
                """.formatted(repository));
        assertThat(controller.build("newest")).isEqualTo("SUCCESS");
        String address = address("job/newest" + PAGE);
        assertThat(gitee(address, push("acme/shop", "main", "slow")).statusCode())
                .isEqualTo(202);
        awaitBuild("newest", 2);
        controller.awaitConsole("newest", 2, "Sleeping");
        assertThat(gitee(address, push("acme/shop", "main", "quick")).statusCode())
                .isEqualTo(202);
        assertThat(controller.await("newest", 2, Duration.ofSeconds(30))).isEqualTo("ABORTED");
        assertThat(controller.console("newest", 2))
                .contains("Superseded by a newer delivery")
                .contains("quick");
        awaitBuild("newest", 3);
        assertThat(controller.await("newest", 3, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        String runs = "/api/v5/repos/acme/shop/check-runs";
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        while (forge.findAll(patchRequestedFor(anyUrl())).size() < 2 && !deadline.expired()) {
            Thread.sleep(100);
        }
        forge.verify(
                2,
                postRequestedFor(urlEqualTo(runs))
                        .withRequestBody(matchingJsonPath(
                                "$.head_sha", com.github.tomakehurst.wiremock.client.WireMock.equalTo(COMMIT))));
        forge.verify(
                1,
                patchRequestedFor(urlEqualTo(runs + "/77"))
                        .withRequestBody(matchingJsonPath(
                                "$.conclusion", com.github.tomakehurst.wiremock.client.WireMock.equalTo("success"))));
        forge.verify(
                1,
                patchRequestedFor(urlEqualTo(runs + "/77"))
                        .withRequestBody(matchingJsonPath(
                                "$.conclusion", com.github.tomakehurst.wiremock.client.WireMock.equalTo("cancelled"))));
        // A service that fails does not fail the build.
        forge.resetMappings();
        assertThat(gitee(address, push("acme/shop", "main", "again")).statusCode())
                .isEqualTo(202);
        awaitBuild("newest", 4);
        assertThat(controller.await("newest", 4, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        assertThat(controller.log()).doesNotContain(STATUS_TOKEN).doesNotContain(SECRET);
    }

    @Test
    @Order(5)
    void formsSnippetsAndConfigurationAsCodeRoundTrip() throws Exception {
        String groovy = controller.script("""
                import org.jenkinsci.plugins.workflow.cps.Snippetizer
                import org.jenkinsci.plugins.structs.describable.DescribableModel
                import io.jenkins.plugins.minibuild.webhook.WebhookTrigger
                println Snippetizer.object2Groovy(DescribableModel.uninstantiate2_(new WebhookTrigger()))
                def t = new WebhookTrigger(); t.branches = 'main'; t.tag = true; t.skipCi = false; t.quietPeriod = 7
                println Snippetizer.object2Groovy(DescribableModel.uninstantiate2_(t))
                """);
        assertThat(groovy).contains("miniBuildWebhook()\n");
        assertThat(groovy).contains("miniBuildWebhook branches: 'main', quietPeriod: 7, skipCi: false, tag: true");
        HttpResponse<String> exported = controller.post("manage/configuration-as-code/export", Map.of());
        assertThat(exported.body())
                .contains("miniBuildWebhooks:")
                .contains("overlapHours: 48")
                .contains("provider: \"github\"");
        String trigger = "descriptorByName/io.jenkins.plugins.minibuild.webhook.WebhookTrigger/";
        assertThat(controller
                        .post(trigger + "checkBranches", Map.of("value", "regex:("))
                        .body())
                .contains("RE2");
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", trigger + "checkBranches?value=regex:(")
                        .body())
                .doesNotContain("RE2");
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", trigger + "fillSecretCredentialsIdItems")
                        .body())
                .doesNotContain("hook-secret");
        String global = "descriptorByName/io.jenkins.plugins.minibuild.webhook.WebhookConfiguration/";
        assertThat(controller
                        .post(global + "checkAllowedAddresses", Map.of("value", "gitee.com"))
                        .body())
                .contains("gitee.com");
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", global + "checkAllowedAddresses?value=x")
                        .statusCode())
                .isEqualTo(403);
        if (Browser.isInstalled()) {
            // Long texts must not push the rest of the page out of sight; the branch is not wanted.
            String own = address("job/never-run" + PAGE);
            assertThat(gitee(own, push("acme/shop", "feature/" + "x".repeat(200), "m".repeat(3_000)))
                            .statusCode())
                    .isEqualTo(200);
            for (String language : new String[] {"en", "zh-CN"}) {
                try (Browser browser = Browser.open(controller, folder.resolve("pictures"), language)) {
                    look(browser, language);
                }
            }
        }
    }

    private static void look(Browser browser, String language) throws Exception {
        browser.go("job/never-run/1/").picture("webhook-cause-" + language);
        assertThat(browser.text()).contains("document.title='owned'");
        assertThat(browser.script("return document.title")).asString().doesNotContain("owned");
        browser.go("job/never-run" + PAGE).picture("webhook-deliveries-" + language);
        assertThat(browser.text()).contains("dev").contains(language.equals("en") ? "is not wanted" : "不匹配");
        assertThat(browser.script("return document.title")).asString().doesNotContain("owned");
        assertThat(browser.all(".mini-build-deliveries tbody tr"))
                .as(browser.text())
                .hasSize(6);
        browser.assertNothingIsCutOff();
        // Not the one with the wrong token.
        assertThat(browser.all("form[name^=redeliver]")).hasSize(5).allMatch(WebElement::isDisplayed);
        assertThat(browser.scriptErrors()).isEmpty();
        browser.go("job/never-run" + PAGE + "delivery/1/").picture("webhook-delivery-" + language);
        assertThat(browser.text()).contains("****").contains("refs/heads/main");
        browser.assertNothingIsCutOff();
        browser.go("job/never-run" + PAGE + "delivery/6/").assertNothingIsCutOff();
        assertThat(browser.script("return document.title")).asString().doesNotContain("owned");
        browser.go("manage/mini-build-webhooks/").picture("webhook-profiles-" + language);
        browser.go("manage/mini-build-webhooks/shared/").picture("webhook-shared-" + language);
        assertThat(browser.text()).contains("nobody/knows");
        browser.go("job/never-run" + PAGE);
        browser.one("form[name=token] button").click();
        browser.one("#mini-build-webhook-address");
        browser.picture("webhook-token-" + language);
        assertThat(browser.scriptErrors()).isEmpty();

        String before = controller.get("job/matched/config.xml").body();
        browser.go("job/matched/configure");
        browser.one("[name='_.excludedBranches']");
        browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click())");
        Thread.sleep(1_000);
        browser.picture("webhook-trigger-" + language);
        browser.one("button[name=Submit]").click();
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        while (browser.script("return location.pathname").toString().endsWith("configure") && !deadline.expired()) {
            Thread.sleep(200);
        }
        String after = controller.get("job/matched/config.xml").body();
        assertThat(element(after, "triggers")).isEqualTo(element(before, "triggers"));
        browser.go("manage/configure");
        browser.one("[name='_.trustedProxies']");
        browser.script("document.querySelector(\"[name='_.trustedProxies']\").scrollIntoView()");
        browser.picture("webhook-global-" + language);
        boolean english = language.equals("en");
        browser.script("document.querySelector(\"[name='_.allowedAddresses']\").value = 'gitee.com'");
        browser.assertRefused(english ? "'gitee.com' is no IP address or range" : "“gitee.com”不是 IP 地址或网段");
        // What was there before the form was refused holds.
        assertThat(gitHub(push("nobody/knows", "main", "x"), SECRET).statusCode())
                .isEqualTo(200);
        browser.go("job/matched/configure");
        // The notifications of a job have branches, too.
        browser.script("[...document.querySelectorAll(\"[name='_.branches']\")]"
                + ".find(each => each.value === 'main').value = 'regex:('");
        browser.assertRefused(english ? "'regex:(' is no regular expression" : "“regex:(”不是正则表达式");
        assertThat(controller.get("job/matched/config.xml").body()).contains("<branches>main</branches>");
        if (!english) {
            browser.go("job/never-run" + PAGE);
            browser.one("form[name=redeliver-2] button").click();
            Deadline clicked = Deadline.after(Duration.ofSeconds(20));
            while (browser.all(".mini-build-deliveries tbody tr").size() < 7 && !clicked.expired()) {
                Thread.sleep(200);
            }
            assertThat(browser.one(".mini-build-deliveries tbody tr").getText()).contains("7", "dev", "不匹配");
        }
    }

    private static String element(String xml, String name) {
        Matcher found = Pattern.compile("(?s)<" + name + ">(.*)</" + name + ">").matcher(xml);
        assertThat(found.find()).as(xml).isTrue();
        return found.group(1)
                .replaceAll("\\s+", "")
                .replace("<spec/>", "<spec></spec>")
                .replaceAll("plugin=\"[^\"]*\"", "");
    }

    @Test
    @Order(6)
    void whatWasAnsweredWith202SurvivesAKill() throws Exception {
        controller.createPipeline("promised", """
                properties([pipelineTriggers([miniBuildWebhook(quietPeriod: 3)])])
                echo "kept ${env.MINIBUILD_BRANCH}"
                if (env.MINIBUILD_BRANCH == 'long') { sleep 8 }
                """);
        assertThat(controller.build("promised")).isEqualTo("SUCCESS");
        String address = address("job/promised" + PAGE);
        byte[] body = push("acme/shop", "main", "x");
        String timestamp = String.valueOf(System.currentTimeMillis());
        Map<String, String> headers = Map.of("X-Gitee-Event", "Push Hook", "X-Gitee-Timestamp", timestamp);
        assertThat(send(address, headers, body).statusCode()).isEqualTo(202);
        controller.crash();
        controller.restart();
        prepare();
        awaitBuild("promised", 2);
        assertThat(controller.await("promised", 2, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        assertThat(controller.console("promised", 2)).contains("kept main");
        HttpResponse<String> repeated = send(address, headers, body);
        assertThat(repeated.statusCode())
                .as("a repetition is recognised after the restart")
                .isEqualTo(200);
        // Killed while the build runs: it resumes, and is not started a second time.
        assertThat(gitee(address, push("acme/shop", "long", "x")).statusCode()).isEqualTo(202);
        awaitBuild("promised", 3);
        controller.awaitConsole("promised", 3, "Sleeping");
        // Jenkins itself cannot resume a Pipeline whose first state it has not written yet.
        Path state = stored("jobs/promised/builds/3/program.dat");
        Deadline written = Deadline.after(Duration.ofSeconds(20));
        while (!Files.exists(state) && !written.expired()) {
            Thread.sleep(50);
        }
        assertThat(state).exists();
        controller.crash();
        controller.restart();
        assertThat(controller.await("promised", 3, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        Thread.sleep(5_000);
        assertThat(builds("promised")).isEqualTo(3);
        JsonNode cause = controller.json("job/promised/3/api/json?tree=actions[causes[shortDescription]]");
        assertThat(cause.toString()).contains("pushed 1c06e1a5f2 to long");
    }

    @Test
    @Order(7)
    void filesThatCannotBeOpenedRefuseCallsUntilTheyCan() throws Exception {
        Path endpoints = stored("mini-build/webhook/endpoints.json");
        controller.crash();
        Files.deleteIfExists(endpoints);
        Files.createDirectory(endpoints);
        controller.restart();
        assertThat(controller.log()).contains("The files of the webhooks cannot be opened");
        assertThat(gitHub(push("nobody/knows", "main", "x"), SECRET).statusCode())
                .isEqualTo(503);
        assertThat(controller.get("manage/mini-build-webhooks/").body()).contains("cannot be opened");
        Files.delete(endpoints);
        assertThat(gitHub(push("nobody/knows", "main", "y"), SECRET).statusCode())
                .as("no restart is needed")
                .isEqualTo(200);
        assertThat(controller.get("manage/mini-build-webhooks/").body()).doesNotContain("cannot be opened");
    }
}
