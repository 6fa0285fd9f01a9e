package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.standin.Forgery;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that has turned against the job: it looks for the key, spends in secret and calls others. */
@Timeout(120)
class ModelProxyTest {
    private static final Caps CAPS = Caps.of(20, 2, 5, 20);
    private static final Isolation SANDBOX = new Isolation(null, Isolation.SandboxUse.AUTO, List.of());

    /** Calls the model's service as the real command would. */
    private static final String CALL = """
            call() {
              curl -s --path-as-is --max-time 20 ${ANTHROPIC_UNIX_SOCKET:+--unix-socket "$ANTHROPIC_UNIX_SOCKET"} $([ "$1" = HEAD ] && echo --head || echo -X "$1") -H "x-api-key: $ANTHROPIC_API_KEY" \
                -w '%{http_code}\\n' -o /dev/null "$ANTHROPIC_BASE_URL$2" ${3:+-d "$3"} >> said.txt
            }
            ask() { call POST /v1/messages '{"model":"claude-opus-4-8","max_tokens":100,"stream":true,"messages":[]}'; }
            """;

    private static final String DONE =
            "echo '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"ok\",\"total_cost_usd\":0}'\n";

    @TempDir
    Path root;

    private ClaudeFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ClaudeFixture(root);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ClaudeResult run(String script, Caps caps, Isolation isolation) throws Exception {
        fixture.pretend(CALL + script + DONE);
        return ClaudeRun.of(
                        fixture.build,
                        ClaudeCli.find(fixture.build, "pretended", isolation),
                        fixture.request(List.of("Read", "Bash"), caps, false, false, 0))
                .run();
    }

    private static void needsSandbox() throws Exception {
        Assumptions.assumeTrue(ClaudeFixture.hasSandbox(), "skipped: no bubblewrap on this machine");
    }

    private List<String> said() throws IOException {
        return Files.readAllLines(fixture.workspace.resolve("said.txt"));
    }

    @Test
    void theKeyIsNowhereInTheSandbox() throws Exception {
        needsSandbox();
        fixture.model.always(Turn.text("hello"));

        run(
                "ask\n(env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; find / -xdev -type f -size -64k \\( -path '/proc/*' -o -path"
                        + " '/usr/*' \\) -prune -o -type f -print0 2>/dev/null | xargs -0 cat) > found.txt 2>/dev/null\n",
                CAPS,
                SANDBOX);

        assertThat(said()).containsExactly("200");
        assertThat(fixture.model.requests().get(0).key()).isEqualTo(ClaudeFixture.KEY);
        assertThat(new String(Files.readAllBytes(fixture.workspace.resolve("found.txt")), StandardCharsets.ISO_8859_1))
                .contains("ANTHROPIC_API_KEY=")
                .doesNotContain(ClaudeFixture.KEY);
    }

    @Test
    void theKeyIsInNoEnvironmentWithoutASandboxEither() throws Exception {
        run("env > found.txt; cat /proc/$PPID/environ >> found.txt\n", CAPS, Isolation.none());

        assertThat(fixture.workspace.resolve("found.txt"))
                .content(StandardCharsets.ISO_8859_1)
                .contains("ANTHROPIC_API_KEY=")
                .doesNotContain(ClaudeFixture.KEY);
    }

    @Test
    void whatTheCommandSpendsInSecretIsCounted() throws Exception {
        // 100,000 tokens in and 4,000 out of the dearest family: 0.6 dollars a call.
        fixture.model.always(Turn.reply().text("x").usage(100_000, 4_000));

        ClaudeResult result = run("ask; ask\n", CAPS, Isolation.none());

        assertThat(said()).containsExactly("200", "200");
        assertThat(result.usage().dollars()).isCloseTo(1.2, within(1e-6));
    }

    @Test
    void theCapOnMoneyHoldsWhateverTheCommandPrints() throws Exception {
        fixture.model.always(Turn.reply().text("x").usage(100_000, 4_000));

        ClaudeResult result = run("for i in 1 2 3 4 5 6; do ask; done\n", Caps.of(20, 2, 1, 20), Isolation.none());

        assertThat(fixture.model.requests()).hasSize(2);
        assertThat(said()).containsExactly("200", "200", "402", "402", "402", "402");
        assertThat(result.usage().dollars()).isCloseTo(1.2, within(1e-6));
    }

    @Test
    void whoBreaksAnAnswerOffHasSpentWhatWasSeen() throws Exception {
        fixture.model.always(Turn.endless());

        ClaudeResult result = run(
                "curl -s --max-time 2 --unix-socket \"$ANTHROPIC_UNIX_SOCKET\" -H \"x-api-key: $ANTHROPIC_API_KEY\" -d"
                        + " '{\"model\":\"claude-opus-4-8\",\"max_tokens\":100,\"stream\":true}' $ANTHROPIC_BASE_URL/v1/messages > answer.txt\n",
                CAPS,
                Isolation.none());

        assertThat(fixture.workspace.resolve("answer.txt"))
                .content()
                .contains("and so on")
                .doesNotContain("message_delta");
        // A token a piece at least, of 25 dollars a million.
        assertThat(result.usage().dollars()).isGreaterThan(20 * 25e-6);
    }

    @Test
    void onlyTheModelsOwnPathsGoThroughAndOnlyWithTheToken() throws Exception {
        run(
                "call POST /v1/files x; call GET /v1/files; call POST /v1/messages/batches '{}'; call GET /v1/models/../files; call DELETE /v1/models/x;"
                        + " call GET /v1/models; call HEAD /; call POST /v1/messages '{\"model\":\"a\",\"model\":\"b\"}'; call POST /v1/messages '[]'\n"
                        + "ANTHROPIC_API_KEY=guessed; ask; call GET /v1/models\n",
                CAPS,
                Isolation.none());

        assertThat(said()).containsExactly("403", "403", "403", "403", "403", "404", "200", "400", "400", "401", "401");
        assertThat(fixture.model.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e300, -1e300})
    void anAgentThatTellsAnImpossibleCostHasUsedTheRunsMoney(double dollars) throws Exception {
        HostileAgent agent = HostileAgent.answering(
                ModelProxy.Ask.class,
                Forgery.of(
                        ModelProxyServer.Count.class,
                        "dollars",
                        dollars,
                        "tokens",
                        Forgery.of(StreamEvent.Usage.class, "input", 1L),
                        "calls",
                        1));
        ClaudeRequest.Model model = fixture.request(CAPS).model();
        try (ModelProxy proxy = ModelProxy.open(agent.file(root.toFile()), true, model, 3, new Redactor())) {
            assertThat(proxy.count().dollars()).isEqualTo(3);
            proxy.close();
            assertThat(proxy.last().dollars()).isEqualTo(3);
        }
        assertThat(agent.lies()).isPositive();
    }

    @Test
    void theTokenIsWorthNothingAfterTheRun() throws Exception {
        fixture.model.always(Turn.text("hello"));
        run("echo \"$ANTHROPIC_UNIX_SOCKET\" > socket.txt\n", CAPS, Isolation.none());

        assertThat(Path.of(Files.readString(fixture.workspace.resolve("socket.txt"))
                        .strip()))
                .doesNotExist();
    }

    @Test
    void theSandboxReachesTheModelAndNothingElse() throws Exception {
        needsSandbox();
        fixture.model.always(Turn.text("hello"));
        HttpServer neighbour = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        neighbour.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        neighbour.start();
        try {
            run(
                    "ask\nfor url in http://127.0.0.1:" + neighbour.getAddress().getPort() + "/ " + fixture.model.url()
                            + "/ http://192.0.2.1/; do curl -s --max-time 3 -o /dev/null -w '%{http_code}\\n' $url >> said.txt; done\n",
                    CAPS,
                    SANDBOX);
        } finally {
            neighbour.stop(0);
        }

        assertThat(said()).containsExactly("200", "000", "000", "000");
    }
}
