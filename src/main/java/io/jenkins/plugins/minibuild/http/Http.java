package io.jenkins.plugins.minibuild.http;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;

/**
 * The one HTTP client of the plugin: every call has a deadline, an answer has a largest size, and a redirect is followed only within the same scheme,
 * host and port, so that a secret in a header never reaches another server. Neither headers nor queries appear in exceptions. Safe for use by several
 * threads.
 */
public final class Http {
    private static final int MOST_REDIRECTS = 3;

    private final HttpClient client;
    private final Duration deadline;
    private final int mostBytes;
    /** Null for a client that may reach every address. */
    @CheckForNull
    private final PublicCall publicCall;

    private Http(HttpClient client, Duration deadline, int mostBytes) {
        this(client, deadline, mostBytes, null);
    }

    private Http(HttpClient client, Duration deadline, int mostBytes, @CheckForNull PublicCall publicCall) {
        this.publicCall = publicCall;
        this.client = client;
        this.deadline = deadline;
        this.mostBytes = mostBytes;
    }

    /**
     * A client with a deadline of 15 seconds a call and answers of at most 4 MiB.
     *
     * @param builder brings the proxy, as {@code ProxyConfiguration.newHttpClientBuilder()} does; redirects and the time to connect are set here
     */
    public static Http over(HttpClient.Builder builder) {
        return over(builder, Duration.ofSeconds(15), 4 << 20);
    }

    /**
     * A client of an agent: through the proxy that the agent's environment names ({@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code NO_PROXY}), else that
     * of the agent's Java.
     *
     * @param deadline for one call, from the connection to the last byte; to the first byte for {@link #stream}
     */
    public static Http onAgent(Map<String, String> environment, Duration deadline) {
        return over(HttpClient.newBuilder().proxy(new EnvironmentProxy(environment)), deadline, 4 << 20);
    }

    /**
     * A client with limits of its own.
     *
     * @param deadline for one call, from the connection to the last byte
     * @param mostBytes the largest body that is read
     */
    public static Http over(HttpClient.Builder builder, Duration deadline, int mostBytes) {
        Duration connect = deadline.compareTo(Duration.ofSeconds(10)) < 0 ? deadline : Duration.ofSeconds(10);
        return new Http(
                builder.version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(connect)
                        .build(),
                deadline,
                mostBytes);
    }

    /**
     * The same client, which reaches addresses of the public internet only, and those over https: for addresses that no administrator has chosen. It sends
     * no GET.
     */
    public Http toPublicAddresses() {
        return reaching(PublicAddress::is, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    Http reaching(Predicate<InetAddress> allowed, SSLSocketFactory sockets) {
        ProxySelector proxies = client.proxy().orElse(HttpClient.Builder.NO_PROXY);
        return new Http(
                client,
                deadline,
                mostBytes,
                new PublicCall(proxies, allowed, sockets, (int) deadline.toMillis(), mostBytes));
    }

    /**
     * Gets a resource.
     *
     * @param headers may hold secrets
     * @return the answer, whatever its status
     * @throws IOException when there is no answer in time, or one that is too large
     */
    public Response get(URI uri, Map<String, String> headers) throws IOException, InterruptedException {
        if (publicCall != null) {
            throw new IOException("this client sends no GET");
        }
        long end = System.nanoTime() + deadline.toNanos();
        URI at = uri;
        for (int redirects = 0; ; redirects++) {
            Response response = send(request(at, headers), end);
            String location = response.header("location");
            if (response.status() / 100 != 3 || location == null) {
                return response;
            }
            URI next = resolve(at, location);
            if (redirects == MOST_REDIRECTS || !sameOrigin(at, next)) {
                return response;
            }
            at = next;
        }
    }

    /**
     * Sends JSON. A redirect is not followed: the answer with it is returned.
     *
     * @param method {@code POST}, {@code PUT} or {@code PATCH}
     * @param headers may hold secrets
     * @return the answer, whatever its status
     * @throws IOException when there is no answer in time, or one that is too large
     */
    public Response send(String method, URI uri, Map<String, String> headers, JsonNode body)
            throws IOException, InterruptedException {
        return send(method, uri, headers, Json.bytes(body), "application/json");
    }

    /**
     * Sends bytes as they are, for what is signed and for what is no JSON. A redirect is not followed: the answer with it is returned.
     *
     * @param method {@code POST}, {@code PUT} or {@code PATCH}
     * @param headers may hold secrets
     * @return the answer, whatever its status
     * @throws IOException when there is no answer in time, or one that is too large
     */
    public Response send(String method, URI uri, Map<String, String> headers, byte[] body, String contentType)
            throws IOException, InterruptedException {
        if (publicCall != null) {
            return sendToPublic(method, uri, headers, body, contentType);
        }
        HttpRequest.Builder request = request(uri, headers)
                .setHeader("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        return send(request, System.nanoTime() + deadline.toNanos());
    }

    /**
     * Sends bytes and gives the answer as it comes, for what is passed on. The deadline of this client holds for the answer's beginning; who reads
     * the body ends it by closing it, or by interrupting the thread that reads. A redirect is not followed.
     *
     * @param method {@code GET} or {@code POST}
     * @param headers may hold secrets
     * @throws IOException when there is no answer in time
     */
    public Streamed stream(String method, URI uri, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        HttpRequest request = request(uri, headers)
                .timeout(deadline)
                .method(method, publisher)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            return new Streamed(response.statusCode(), response.headers().map(), response.body());
        } catch (HttpTimeoutException e) {
            throw new IOException(place(uri) + " did not answer within " + deadline.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new IOException(place(uri) + ": " + reason(e), e);
        }
    }

    private Response sendToPublic(String method, URI uri, Map<String, String> headers, byte[] body, String contentType)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", contentType);
        all.put("User-Agent", "mini-build");
        PublicCall checked = Objects.requireNonNull(publicCall);
        FutureTask<Response> call = new FutureTask<>(() -> checked.send(method, uri, all, body));
        Thread thread = new Thread(call, "calling " + uri.getHost());
        thread.setDaemon(true);
        thread.start();
        try {
            return call.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(place(uri) + " did not answer within " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(place(uri) + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static HttpRequest.Builder request(URI uri, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("User-Agent", "mini-build");
        headers.forEach(request::setHeader);
        return request;
    }

    private Response send(HttpRequest.Builder builder, long end) throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        URI uri = request.uri();
        CompletableFuture<HttpResponse<byte[]>> future = client.sendAsync(request, info -> new Capped(mostBytes));
        try {
            HttpResponse<byte[]> response = future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new Response(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            throw new IOException(place(uri) + " did not answer within " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(place(uri) + ": " + reason(e.getCause()), e.getCause());
        } finally {
            future.cancel(true);
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static URI resolve(URI base, String location) throws IOException {
        try {
            return base.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException(place(base) + " redirects to something that is no address", e);
        }
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }

    private static String place(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    /**
     * The beginning of an answer.
     *
     * @param headers by their names in lower case
     * @param body the bytes as they come; to be closed
     */
    public record Streamed(int status, Map<String, List<String>> headers, InputStream body) implements Closeable {
        /** The first value of a header; null for none. */
        @CheckForNull
        public String header(String name) {
            return headers.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
        }

        /** Gives up the rest. */
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** What a server answered. */
    public static final class Response {
        private final int status;
        private final HttpHeaders headers;
        private final byte[] body;

        Response(int status, HttpHeaders headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        public int status() {
            return status;
        }

        /** The first value of a header; the name's case does not matter. */
        @CheckForNull
        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        /** The body as UTF-8 text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /**
         * The body as JSON.
         *
         * @throws IOException when it is not
         */
        public JsonNode json() throws IOException {
            JsonNode node = Json.parse(body);
            if (node == null || node.isMissingNode()) {
                throw new IOException("the answer is empty");
            }
            return node;
        }
    }
}
