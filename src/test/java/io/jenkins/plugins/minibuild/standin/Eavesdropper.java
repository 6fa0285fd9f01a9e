package io.jenkins.plugins.minibuild.standin;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that an attacker runs: it asks for a login, and keeps every request. As a proxy it is every host that is reached without encryption.
 */
public final class Eavesdropper implements AutoCloseable {
    private final HttpServer server;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private Eavesdropper(HttpServer server) {
        this.server = server;
    }

    /** Starts one on a free port of this machine. */
    public static Eavesdropper start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        Eavesdropper made = new Eavesdropper(server);
        server.createContext("/", exchange -> {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            made.heard.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().entrySet() + " " + decoded(login) + " " + body);
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"evil\"");
            byte[] answer = "{\"secret\":\"of the inner network\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(login == null ? 401 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return made;
    }

    private static String decoded(String login) {
        return login == null || !login.startsWith("Basic ")
                ? ""
                : new String(Base64.getDecoder().decode(login.substring("Basic ".length())), StandardCharsets.UTF_8);
    }

    /** Where it listens, without a slash at the end. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A client whose every call without encryption arrives here. */
    public Http client() {
        return Http.over(
                HttpClient.newBuilder().proxy(ProxySelector.of(server.getAddress())), Duration.ofSeconds(5), 100_000);
    }

    /** All requests: address, headers, decoded login, body. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
