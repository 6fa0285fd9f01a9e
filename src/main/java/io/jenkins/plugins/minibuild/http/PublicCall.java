package io.jenkins.plugins.minibuild.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * One call over https that reaches an allowed address only. The address that the connection has in the end is what counts: it is checked before the first
 * byte is sent, so that a name which is resolved differently a moment later is refused as well. Behind a proxy the proxy connects; then the addresses that the
 * controller finds for the name are checked.
 */
final class PublicCall {
    private final ProxySelector proxies;
    private final Predicate<InetAddress> allowed;
    private final SSLSocketFactory sockets;
    private final int timeoutMillis;
    private final int mostBytes;

    PublicCall(
            ProxySelector proxies,
            Predicate<InetAddress> allowed,
            SSLSocketFactory sockets,
            int timeoutMillis,
            int mostBytes) {
        this.proxies = proxies;
        this.allowed = allowed;
        this.sockets = sockets;
        this.timeoutMillis = timeoutMillis;
        this.mostBytes = mostBytes;
    }

    Http.Response send(String method, URI uri, Map<String, String> headers, byte[] body) throws IOException {
        if (!"https".equals(uri.getScheme())) {
            throw new IOException("only https addresses are called");
        }
        for (InetAddress each : InetAddress.getAllByName(uri.getHost())) {
            check(each);
        }
        Proxy proxy = proxies.select(uri).stream().findFirst().orElse(Proxy.NO_PROXY);
        HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection(proxy);
        try {
            connection.setSSLSocketFactory(new Checked(proxy.type() == Proxy.Type.DIRECT));
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout(timeoutMillis);
            connection.setReadTimeout(timeoutMillis);
            connection.setRequestMethod(method);
            headers.forEach(connection::setRequestProperty);
            if (body.length > 0) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length);
                connection.getOutputStream().write(body);
            }
            return answer(connection);
        } finally {
            connection.disconnect();
        }
    }

    private Http.Response answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        Map<String, List<String>> headers = new HashMap<>(connection.getHeaderFields());
        headers.remove(null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            byte[] chunk = new byte[8192];
            int count;
            while (in != null && (count = in.read(chunk)) >= 0) {
                if (bytes.size() + count > mostBytes) {
                    throw new IOException("the answer is larger than " + mostBytes + " bytes");
                }
                bytes.write(chunk, 0, count);
            }
        }
        return new Http.Response(status, HttpHeaders.of(headers, (name, value) -> true), bytes.toByteArray());
    }

    private void check(InetAddress address) throws IOException {
        if (!allowed.test(address)) {
            throw new IOException("this is no address of the public internet");
        }
    }

    /** Puts encryption over connections to allowed addresses only. */
    private final class Checked extends SSLSocketFactory {
        private final boolean direct;

        Checked(boolean direct) {
            this.direct = direct;
        }

        @Override
        public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
            if (direct) {
                check(connected.getInetAddress());
            }
            return sockets.createSocket(connected, host, port, autoClose);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return sockets.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return sockets.getSupportedCipherSuites();
        }

        // HttpsURLConnection connects by itself, so that time limits hold; a connection that comes about here would not
        // be checked.

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw new IOException("not checked");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            throw new IOException("not checked");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new IOException("not checked");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            throw new IOException("not checked");
        }
    }
}
