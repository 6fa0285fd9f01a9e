package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Stands between the claude command and the model's service, in the agent's JVM and so outside of the sandbox. It takes the calls of one run, which
 * carry a token of that run, puts the key in its place, passes the answer on as it comes, and counts what the service says that it costs. Only the
 * paths of the model's API go through, to the one service; once the run's money is used, nothing does. It repeats nothing. Safe for several threads.
 *
 * <p>It ends with the run, or when the controller has not asked for a while.
 */
@OnAgent
final class ModelProxyServer implements Closeable {
    private static final Logger LOGGER = Logger.getLogger(ModelProxyServer.class.getName());
    /** One for all: a run finds the connection of the run before. */
    private static final class Client {
        static final Http HTTP = Http.onAgent(System.getenv(), PATIENCE);
    }

    private static final ConcurrentMap<String, ModelProxyServer> OPEN = new ConcurrentHashMap<>();

    /** Without a word from the controller. */
    private static final Duration LEASE = Duration.ofMinutes(5);
    /** Until the service begins to answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_WHOLE = 32 << 20;
    /** Bytes: sun_path of Linux and macOS, with something left. */
    private static final int LONGEST_SOCKET = 100;

    private static final Pattern MESSAGES = Pattern.compile("/v1/messages");
    private static final Pattern FREE = Pattern.compile("/v1/messages/count_tokens");
    private static final Pattern LOOKING = Pattern.compile("/v1/models(/[A-Za-z0-9][A-Za-z0-9._:@-]{0,127})?");
    private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9_=&.,-]{0,500}");
    /** Of a request; all others stay here, those that could carry a proof of somebody else's most of all. */
    private static final Pattern ASKED =
            Pattern.compile("anthropic-.*|x-stainless-.*|x-app|x-claude-.*|user-agent|accept");
    /** Of an answer. */
    private static final Pattern ANSWERED =
            Pattern.compile("content-type|retry-after|request-id|anthropic-.*|x-should-retry");

    /** JSON of a call, as far as it matters. */
    private record Question(String model, long maxTokens) {}

    /**
     * What a proxy is for.
     *
     * @param key of the service; goes nowhere else
     * @param token that the command shows instead of it
     * @param service its address
     * @param dollars US dollars after which no call goes through
     * @param models names of models that may be asked match each of these
     */
    record Task(String key, String token, URI service, double dollars, ArrayList<Glob> models) implements Serializable {
        @Override
        public String toString() {
            return "a proxy to " + service;
        }
    }

    /**
     * Where a proxy listens.
     *
     * @param socket the path of its socket; empty where it listens on the loopback address
     * @param port of the loopback address; 0 for none
     * @param folder of the socket where that is not the folder it was made for; empty otherwise
     * @param exceptions the value of NO_PROXY of the agent; may be empty
     */
    record Place(String id, String socket, int port, String folder, String exceptions) implements Serializable {
        private static final int LONGEST = 10_000;

        Place {
            for (String each : new String[] {id, socket, folder, exceptions}) {
                AgentAnswer.text("The place of the proxy", each, LONGEST);
            }
            AgentAnswer.number("The port of the proxy", port, 0, 0xFFFF);
        }
    }

    /**
     * What was used until now.
     *
     * @param dollars US dollars
     * @param refused whether a call was refused because the money is used
     */
    record Count(double dollars, StreamEvent.Usage tokens, int calls, boolean refused) implements Serializable {
        Count {
            if (tokens == null) {
                throw new IllegalArgumentException("The count of the proxy has no tokens");
            }
            AgentAnswer.number("The count of calls", calls, 0, Integer.MAX_VALUE);
        }

        static final Count NONE = new Count(0, StreamEvent.Usage.NONE, 0, false);
        /** Of a proxy that is not there any more: nobody knows. */
        static final Count LOST = new Count(Double.NaN, StreamEvent.Usage.NONE, 0, false);
    }

    private final String id = UUID.randomUUID().toString();
    private final Task task;
    private final ServerSocketChannel listening;
    private final ThreadPoolExecutor threads;
    private final Set<Call> open = new HashSet<>();
    private Path socket;
    private Path folder;
    private volatile long asked = System.nanoTime();
    private double dollars;
    private StreamEvent.Usage tokens = StreamEvent.Usage.NONE;
    private int calls;
    private boolean refused;

    private ModelProxyServer(Task task, ServerSocketChannel listening) {
        this.task = task;
        this.listening = listening;
        threads = new ThreadPoolExecutor(
                0, MOST_CONNECTIONS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), ModelProxyServer::thread);
    }

    /** A call under way: what it has cost so far, and may cost at the most. */
    private record Call(AnswerMeter meter, double most) {}

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "Mini Build: proxy to the model");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Opens one.
     *
     * @param in the folder for its socket; null for the loopback address
     */
    static Place open(Task task, Path in) throws IOException {
        ServerSocketChannel channel =
                in == null ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ModelProxyServer server = new ModelProxyServer(task, channel);
        try {
            if (in == null) {
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MOST_CONNECTIONS);
            } else {
                server.bind(in);
            }
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        OPEN.put(server.id, server);
        thread(server::accept).start();
        thread(server::expire).start();
        String exceptions = System.getenv("NO_PROXY");
        return new Place(
                server.id,
                server.socket == null ? "" : server.socket.toString(),
                server.socket == null ? ((InetSocketAddress) channel.getLocalAddress()).getPort() : 0,
                server.folder == null ? "" : server.folder.toString(),
                exceptions == null ? "" : exceptions);
    }

    private void bind(Path in) throws IOException {
        Path path = in.resolve("model-" + id.substring(0, 8));
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            folder = Files.createTempDirectory("mini-build");
            path = folder.resolve("model");
        }
        listening.bind(UnixDomainSocketAddress.of(path), MOST_CONNECTIONS);
        socket = path;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    /** What a proxy has counted; that it was asked keeps it open. */
    static Count count(String id) {
        ModelProxyServer server = OPEN.get(id);
        if (server == null) {
            return Count.LOST;
        }
        server.asked = System.nanoTime();
        return server.count();
    }

    /** Ends one and says what it has counted. */
    static Count close(String id) throws IOException {
        ModelProxyServer server = OPEN.get(id);
        if (server == null) {
            return Count.LOST;
        }
        server.close();
        synchronized (server) {
            server.open.forEach(call -> call.meter().over());
            return server.count();
        }
    }

    private synchronized Count count() {
        double sum = dollars;
        StreamEvent.Usage all = tokens;
        for (Call each : open) {
            sum += each.meter().dollars();
            all = all.plus(each.meter().tokens());
        }
        return new Count(sum, all, calls, refused);
    }

    @Override
    public void close() throws IOException {
        OPEN.remove(id);
        try (listening) {
            threads.shutdownNow();
        } finally {
            if (socket != null) {
                Files.deleteIfExists(socket);
            }
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        }
    }

    private void expire() {
        try {
            while (OPEN.containsKey(id)) {
                TimeUnit.SECONDS.sleep(1);
                if (System.nanoTime() - asked > LEASE.toNanos()) {
                    close();
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "a socket is left behind: " + socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (listening.isOpen()) {
            SocketChannel client = null;
            try {
                client = listening.accept();
                if (socket == null) {
                    // An answer goes out in pieces as they come; without this the second one waits for the receipt of
                    // the first.
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                SocketChannel accepted = client;
                threads.execute(() -> serve(accepted));
            } catch (IOException | RejectedExecutionException e) {
                // The proxy was closed, or more want something at once than it serves.
                quietly(client);
            }
        }
    }

    private static void quietly(Closeable each) {
        try {
            if (each != null) {
                each.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "a connection did not close", e);
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = new BufferedInputStream(Channels.newInputStream(client));
                OutputStream out = Channels.newOutputStream(client)) {
            // The client closes: one that is closed on may lose the end of an answer that it has not read yet.
            while (serve(in, out)) {
                LOGGER.log(Level.FINEST, "a call of the model was answered");
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "a call of the model ended early", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers the next request of a connection. @return false when there is none */
    private boolean serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
        ProxyRequest request;
        try {
            request = ProxyRequest.read(in, out);
        } catch (ProxyRequest.RefusedException e) {
            refuse(out, e.status(), e.getMessage());
            // Nobody knows where the next one would begin.
            in.skipNBytes(MOST_WHOLE);
            return false;
        }
        if (request == null) {
            return false;
        }
        try {
            answer(request, out);
        } catch (ProxyRequest.RefusedException e) {
            refuse(out, e.status(), e.getMessage());
        }
        return true;
    }

    private void answer(ProxyRequest request, OutputStream out) throws IOException, InterruptedException {
        if (!proven(request)) {
            throw new ProxyRequest.RefusedException(401, "this is not the token of the run");
        }
        String path = request.path();
        boolean post = request.method().equals("POST");
        if (request.method().equals("HEAD") && path.equals("/")) {
            head(out, 200, Map.of("content-length", "0"));
        } else if (!QUERY.matcher(request.query()).matches()) {
            throw new ProxyRequest.RefusedException(403, "this query is none of the model's");
        } else if (post && MESSAGES.matcher(path).matches()) {
            message(request, out);
        } else if (post && FREE.matcher(path).matches()
                || request.method().equals("GET") && LOOKING.matcher(path).matches()) {
            pass(request, out, new AnswerMeter("", 0));
        } else {
            throw new ProxyRequest.RefusedException(
                    403, request.method() + " " + path + " is not what a run may ask the model's service for");
        }
    }

    private boolean proven(ProxyRequest request) {
        String shown = request.headers().getOrDefault("x-api-key", "");
        String bearer = request.headers().getOrDefault("authorization", "");
        return isToken(shown) || bearer.startsWith("Bearer ") && isToken(bearer.substring(7));
    }

    private boolean isToken(String shown) {
        return MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8), task.token().getBytes(StandardCharsets.UTF_8));
    }

    private void message(ProxyRequest request, OutputStream out) throws IOException, InterruptedException {
        Question question = question(request.body());
        if (!task.models().stream().allMatch(each -> each.matches(question.model()))) {
            throw new ProxyRequest.RefusedException(
                    403, "The model " + question.model() + " is not one of those that this job may use");
        }
        int size = request.body().length;
        Call call = new Call(
                new AnswerMeter(question.model(), size),
                Prices.dollars(question.model(), new StreamEvent.Usage(size, question.maxTokens(), 0, 0)));
        admit(call);
        try {
            pass(request, out, call.meter());
        } finally {
            ended(call);
        }
    }

    /** A call waits for those under way where all of them together could pass the cap. */
    private synchronized void admit(Call call) throws IOException, InterruptedException {
        while (true) {
            if (count().dollars() >= task.dollars()) {
                refused = true;
                throw new ProxyRequest.RefusedException(402, "the money of this run is used");
            }
            double most = dollars + open.stream().mapToDouble(Call::most).sum();
            if (open.isEmpty() || most < task.dollars()) {
                open.add(call);
                calls++;
                return;
            }
            wait();
        }
    }

    private synchronized void ended(Call call) {
        open.remove(call);
        call.meter().over();
        dollars += call.meter().dollars();
        tokens = tokens.plus(call.meter().tokens());
        notifyAll();
    }

    /** A field that is there twice could mean one thing here and another at the service. */
    private static Question question(byte[] body) throws IOException {
        String model = null;
        Long most = null;
        try (JsonParser json = Json.MAPPER.getFactory().createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new ProxyRequest.RefusedException(400, "a question to the model is a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("model") && model == null) {
                    model = json.getValueAsString("");
                } else if (name.equals("max_tokens") && most == null) {
                    most = Math.max(0, json.getValueAsLong());
                } else if (name.equals("model") || name.equals("max_tokens")) {
                    throw new ProxyRequest.RefusedException(400, name + " is there twice");
                } else {
                    json.skipChildren();
                }
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new ProxyRequest.RefusedException(400, "the question to the model is broken JSON");
        }
        return new Question(model == null ? "" : model, most == null ? 0 : most);
    }

    private void pass(ProxyRequest request, OutputStream out, AnswerMeter meter)
            throws IOException, InterruptedException {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach((name, value) -> {
            if (ASKED.matcher(name).matches()) {
                headers.put(name, value);
            }
        });
        headers.put("x-api-key", task.key());
        if (request.body().length > 0) {
            headers.put("content-type", "application/json");
        }
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        URI uri = URI.create(task.service().toString().replaceFirst("/+$", "") + request.path() + query);
        Http.Streamed answer;
        try {
            answer = Client.HTTP.stream(request.method(), uri, headers, request.body());
        } catch (IOException e) {
            meter.nothing();
            throw new ProxyRequest.RefusedException(502, "the model's service cannot be reached: " + e.getMessage());
        }
        try (answer) {
            pass(answer, out, meter);
        }
    }

    private static void pass(Http.Streamed answer, OutputStream out, AnswerMeter meter) throws IOException {
        boolean good = answer.status() / 100 == 2;
        if (!good) {
            meter.nothing();
        }
        if (answer.status() / 100 == 3 || answer.header("content-encoding") != null) {
            throw new ProxyRequest.RefusedException(
                    502, "the model's service answers in a way that cannot be passed on");
        }
        Map<String, String> headers = new TreeMap<>();
        answer.headers().keySet().stream()
                .filter(name -> ANSWERED.matcher(name).matches())
                .forEach(name -> headers.put(name, answer.header(name).replaceAll("[\\r\\n]", " ")));
        if (!headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
            byte[] whole = answer.body().readNBytes(MOST_WHOLE + 1);
            if (whole.length > MOST_WHOLE) {
                throw new ProxyRequest.RefusedException(502, "the answer of the model's service is too large");
            }
            if (good) {
                meter.whole(whole);
            }
            headers.put("content-length", String.valueOf(whole.length));
            head(out, answer.status(), headers);
            out.write(whole);
            return;
        }
        headers.put("transfer-encoding", "chunked");
        head(out, answer.status(), headers);
        byte[] buffer = new byte[16 << 10];
        int count;
        while ((count = answer.body().read(buffer)) >= 0) {
            if (count > 0) {
                meter.stream(buffer, count);
                byte[] piece = new byte[count + 16];
                byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(size, 0, piece, 0, size.length);
                System.arraycopy(buffer, 0, piece, size.length, count);
                piece[size.length + count] = '\r';
                piece[size.length + count + 1] = '\n';
                out.write(piece, 0, size.length + count + 2);
            }
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void head(OutputStream out, int status, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " \r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(OutputStream out, int status, String why) throws IOException {
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 402 -> "billing_error";
                    case 403 -> "permission_error";
                    case 502 -> "api_error";
                    default -> "invalid_request_error";
                };
        byte[] body =
                Json.bytes(Map.of("type", "error", "error", Map.of("type", type, "message", "Mini Build: " + why)));
        Map<String, String> headers = new TreeMap<>(
                Map.of("content-type", "application/json", "content-length", String.valueOf(body.length)));
        if (status != 502) {
            headers.put("x-should-retry", "false");
        }
        head(out, status, headers);
        out.write(body);
    }
}
