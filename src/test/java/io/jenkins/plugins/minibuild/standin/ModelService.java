package io.jenkins.plugins.minibuild.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for the Messages API of the model: plays a scripted conversation, one turn a request, as server-sent events, and keeps
 * what it was asked. The command under test runs the tools that a turn asks for, so a script drives real edits.
 *
 * <p>When the script has ended it answers 500, so that a conversation longer than the script is not mistaken for its end.
 */
public final class ModelService implements AutoCloseable {
    static {
        // Without it an answer in two writes waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PIECE = 16_000;
    private static final String STREAM = "text/event-stream";

    /** How one request is answered. Immutable. */
    @FunctionalInterface
    public interface Turn {
        void answer(Answer answer) throws IOException, InterruptedException;

        /** The model says something and ends its turn. */
        static Turn text(String text) {
            return reply().text(text);
        }

        /** The model asks for one tool. */
        static Turn tool(String name, Map<String, ?> input) {
            return reply().tool(name, input);
        }

        /** An answer of several parts. */
        static Reply reply() {
            return new Reply(List.of(), "end_turn", 100, 20);
        }

        /** An error with the API's own form. */
        static Turn error(int status, String type, Map<String, String> headers) {
            return answer -> answer.fail(status, type, headers);
        }

        /** Too many requests. */
        static Turn rateLimited(int retryAfterSeconds) {
            return error(429, "rate_limit_error", Map.of("retry-after", String.valueOf(retryAfterSeconds)));
        }

        /** The service has more to do than it can. */
        static Turn overloaded() {
            return error(529, "overloaded_error", Map.of());
        }

        /** A key that is not known. */
        static Turn unauthorized() {
            return error(401, "authentication_error", Map.of());
        }

        /** The stream begins and the connection breaks in the middle of a text. */
        static Turn broken() {
            return answer -> {
                answer.begin(10);
                answer.open("{\"type\":\"text\",\"text\":\"\"}");
                answer.delta("{\"type\":\"text_delta\",\"text\":\"half a sen\"}");
                answer.cut();
            };
        }

        /** Text without end. */
        static Turn endless() {
            return answer -> {
                answer.begin(10);
                answer.open("{\"type\":\"text\",\"text\":\"\"}");
                while (!answer.closed(20)) {
                    answer.delta("{\"type\":\"text_delta\",\"text\":\"and so on \"}");
                }
            };
        }

        /** The connection is accepted and nothing ever comes. */
        static Turn silent() {
            return answer -> {
                while (!answer.closed(100)) {
                    // nothing
                }
            };
        }
    }

    /** An answer of several parts, and what it says it used. Immutable. */
    public record Reply(List<ObjectNode> parts, String stopReason, int inputTokens, int outputTokens) implements Turn {
        public Reply text(String text) {
            return with(JSON.createObjectNode().put("type", "text").put("text", text), stopReason);
        }

        public Reply thinking(String thought) {
            return with(JSON.createObjectNode().put("type", "thinking").put("thinking", thought), stopReason);
        }

        public Reply tool(String name, Map<String, ?> input) {
            ObjectNode part = JSON.createObjectNode().put("type", "tool_use").put("name", name);
            part.set("input", JSON.valueToTree(input));
            return with(part, "tool_use");
        }

        /** It declines to go on. */
        public Reply refusing() {
            return new Reply(parts, "refusal", inputTokens, outputTokens);
        }

        /** The numbers that money is reckoned by. */
        public Reply usage(int input, int output) {
            return new Reply(parts, stopReason, input, output);
        }

        private Reply with(ObjectNode part, String reason) {
            List<ObjectNode> more = new ArrayList<>(parts);
            more.add(part);
            return new Reply(List.copyOf(more), reason, inputTokens, outputTokens);
        }

        @Override
        public void answer(Answer answer) throws IOException {
            answer.begin(inputTokens);
            for (ObjectNode part : parts) {
                switch (part.get("type").asText()) {
                    case "text" -> {
                        answer.open("{\"type\":\"text\",\"text\":\"\"}");
                        answer.delta(JSON.createObjectNode()
                                .put("type", "text_delta")
                                .put("text", part.get("text").asText())
                                .toString());
                    }
                    case "thinking" -> {
                        answer.open("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
                        answer.delta(JSON.createObjectNode()
                                .put("type", "thinking_delta")
                                .put("thinking", part.get("thinking").asText())
                                .toString());
                        answer.delta("{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}");
                    }
                    default -> {
                        answer.open(JSON.createObjectNode()
                                .put("type", "tool_use")
                                .put("id", "toolu_" + answer.newId())
                                .put("name", part.get("name").asText())
                                .set("input", JSON.createObjectNode())
                                .toString());
                        // In pieces, as the service does: the command does not read one of megabytes.
                        String input = part.get("input").toString();
                        for (int at = 0; at < input.length(); at += PIECE) {
                            answer.delta(JSON.createObjectNode()
                                    .put("type", "input_json_delta")
                                    .put("partial_json", input.substring(at, Math.min(input.length(), at + PIECE)))
                                    .toString());
                        }
                    }
                }
                answer.shut();
            }
            answer.end(stopReason, outputTokens);
        }
    }

    /** One request that came in. */
    public record Request(String path, Map<String, List<String>> headers, JsonNode body) {
        /** The names of the tools that the model was offered. */
        public List<String> tools() {
            return body.path("tools").findValuesAsText("name");
        }

        /** Everything that the model was told, as text. */
        public String text() {
            return body.toString();
        }

        /** The key it came with; empty without one. */
        public String key() {
            return headers.getOrDefault("X-api-key", List.of("")).get(0);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "model stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<Turn> script = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Turn always;

    private ModelService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
    }

    /** Starts on a free port of the loopback interface. */
    public static ModelService start() throws IOException {
        ModelService service = new ModelService();
        service.server.start();
        return service;
    }

    /** For ANTHROPIC_BASE_URL. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Adds turns to the script. */
    public ModelService script(Turn... turns) {
        synchronized (script) {
            script.addAll(List.of(turns));
        }
        return this;
    }

    /** From now on every request beyond the script is answered so. */
    public ModelService always(Turn turn) {
        always = turn;
        return this;
    }

    /** The requests for a message, in their order. */
    public List<Request> requests() {
        return requests.stream()
                .filter(request -> request.path().equals("/v1/messages"))
                .toList();
    }

    /** Turns of the script that nobody has asked for yet. */
    public int left() {
        synchronized (script) {
            return script.size();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            Request request = null;
            if (body.length > 0) {
                request = new Request(path, Map.copyOf(exchange.getRequestHeaders()), JSON.readTree(body));
                requests.add(request);
            }
            Answer answer = new Answer(exchange, closing, ids, request);
            if (path.equals("/v1/messages/count_tokens")) {
                answer.json(200, "{\"input_tokens\":10}");
            } else if (path.equals("/v1/messages")
                    && exchange.getRequestMethod().equals("POST")) {
                Turn turn;
                synchronized (script) {
                    turn = script.isEmpty() ? always : script.removeFirst();
                }
                if (turn == null) {
                    answer.fail(500, "the script has ended", Map.of("x-should-retry", "false"));
                } else {
                    turn.answer(answer);
                }
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
            } else {
                answer.json(
                        404,
                        "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"" + path + "\"}}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An answer under way. */
    public static final class Answer {
        private final HttpExchange exchange;
        private final CountDownLatch closing;
        private final AtomicInteger ids;
        private final Request request;
        private OutputStream out;
        private int index = -1;

        private Answer(HttpExchange exchange, CountDownLatch closing, AtomicInteger ids, Request request) {
            this.exchange = exchange;
            this.closing = closing;
            this.ids = ids;
            this.request = request;
        }

        /** What is answered; null if it came without a body. */
        public Request request() {
            return request;
        }

        private void begin(int inputTokens) throws IOException {
            exchange.getResponseHeaders().add("Content-Type", STREAM);
            exchange.sendResponseHeaders(200, 0);
            out = exchange.getResponseBody();
            event(
                    "message_start",
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_" + newId()
                            + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"stand-in\",\"content\":[],\"stop_reason\":null,"
                            + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":" + inputTokens
                            + ",\"output_tokens\":1}}}");
        }

        private void open(String block) throws IOException {
            index++;
            event(
                    "content_block_start",
                    "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}");
        }

        private void delta(String delta) throws IOException {
            event(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}");
        }

        private void shut() throws IOException {
            event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
        }

        private void end(String stopReason, int outputTokens) throws IOException {
            event(
                    "message_delta",
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + stopReason
                            + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":" + outputTokens + "}}");
            event("message_stop", "{\"type\":\"message_stop\"}");
        }

        private void fail(int status, String type, Map<String, String> headers) throws IOException {
            headers.forEach(exchange.getResponseHeaders()::add);
            json(status, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + type + "\"}}");
        }

        private void json(int status, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }

        private void event(String name, String data) throws IOException {
            out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** Closing the exchange without the last chunk breaks the connection. */
        private void cut() {
            exchange.close();
        }

        private boolean closed(int millis) throws InterruptedException {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        }

        private String newId() {
            return String.format("%06d", ids.incrementAndGet());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
