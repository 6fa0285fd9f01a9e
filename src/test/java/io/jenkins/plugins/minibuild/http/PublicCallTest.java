package io.jenkins.plugins.minibuild.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jenkins.plugins.minibuild.standin.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicCallTest {
    private static final byte[] BODY = "a message".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private HttpsServer server;
    private SSLSocketFactory trusting;

    @BeforeEach
    void start() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "localhost");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext()));
        server.createContext("/", exchange -> {
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Kind") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.getResponseHeaders().set("Location", "https://localhost:1/");
            byte[] answer = "{\"errcode\":0}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    exchange.getRequestURI().getPath().equals("/moved") ? 302 : 403, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(authority.caFile())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        trusting = context.getSocketFactory();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Http.Response send(Predicate<InetAddress> allowed, String path) throws Exception {
        Http http =
                Http.over(HttpClient.newBuilder(), Duration.ofSeconds(10), 1000).reaching(allowed, trusting);
        return http.send(
                "POST",
                URI.create("https://localhost:" + server.getAddress().getPort() + path),
                Map.of("X-Kind", "test"),
                BODY,
                "text/plain");
    }

    @Test
    void anAllowedAddressGetsTheCallAndItsAnswerIsRead() throws Exception {
        Http.Response answer = send(address -> true, "/a?b=c");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).isEqualTo("{\"errcode\":0}");
        assertThat(answer.header("LOCATION")).isEqualTo("https://localhost:1/");
        assertThat(heard).containsExactly("POST /a?b=c test a message");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        assertThat(send(address -> true, "/moved").status()).isEqualTo(302);
        assertThat(heard).hasSize(1);
    }

    @Test
    void anotherAddressGetsNothing() {
        assertThatThrownBy(() -> send(PublicAddress::is, "/"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("public");
        assertThat(heard).isEmpty();
    }

    @Test
    void aNameThatIsResolvedDifferentlyAMomentLaterGetsNothing() {
        // The look-ups before the call see a public address; the connection then has a private one.
        AtomicInteger lookUps = new AtomicInteger();
        int before = addresses();
        Predicate<InetAddress> rebound = address -> lookUps.incrementAndGet() <= before;
        assertThatThrownBy(() -> send(rebound, "/"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("public");
        assertThat(lookUps.get()).as("the connection was checked").isGreaterThan(before);
        assertThat(heard).isEmpty();
    }

    private static int addresses() {
        try {
            return InetAddress.getAllByName("localhost").length;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingGoesUnencrypted() {
        Http http = Http.over(HttpClient.newBuilder()).toPublicAddresses();
        assertThatThrownBy(() -> http.send("POST", URI.create("http://example.com/"), Map.of(), BODY, "text/plain"))
                .hasMessageContaining("https");
        assertThatThrownBy(() -> http.get(URI.create("https://example.com/"), Map.of()))
                .hasMessageContaining("GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:a00:1::1",
                "2001:0:a00:1::1",
                "2001:db8::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "100::1"
            })
    void isNotPublic(String address) throws Exception {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.0.1",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.1.1",
                "223.255.255.255",
                "2400:3200::1",
                "2606:4700::1111",
                "2001:4860:4860::8888"
            })
    void isPublic(String address) throws Exception {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }
}
