package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 request as a client of the proxy sends it, of bounded size. Immutable but for its body.
 *
 * @param path as it was sent, without the query
 * @param query without the question mark; empty for none
 * @param headers by their names in lower case
 */
@OnAgent
record ProxyRequest(String method, String path, String query, Map<String, String> headers, byte[] body) {
    private static final int MOST_HEAD = 64 << 10;
    /** The service itself takes 32 MB. */
    private static final int MOST_BODY = 33 << 20;

    /** A request that is refused, or an answer that cannot be passed on. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * Reads the next one.
     *
     * @param out takes the word to a client that waits for it before it sends the body
     * @return null when the client has closed
     * @throws RefusedException when it is none that the proxy understands
     */
    @CheckForNull
    static ProxyRequest read(InputStream in, OutputStream out) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return null;
        }
        String[] lines = head.split("\r\n");
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[1].startsWith("/") || !first[2].startsWith("HTTP/1.")) {
            throw new RefusedException(400, "this is no request");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = colon < 0 ? "" : lines[i].substring(0, colon);
            if (!name.matches("[A-Za-z0-9-]+")
                    || headers.put(
                                    name.toLowerCase(Locale.ROOT),
                                    lines[i].substring(colon + 1).strip())
                            != null) {
                throw new RefusedException(400, "a header is broken, or there twice");
            }
        }
        int query = first[1].indexOf('?');
        return new ProxyRequest(
                first[0],
                query < 0 ? first[1] : first[1].substring(0, query),
                query < 0 ? "" : first[1].substring(query + 1),
                headers,
                body(headers, in, out));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0 && head.size() == 0) {
                return "";
            }
            if (next < 0 || head.size() == MOST_HEAD) {
                throw new RefusedException(next < 0 ? 400 : 431, "the head of the request does not end");
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(Map<String, String> headers, InputStream in, OutputStream out) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new RefusedException(411, "the length of the body has to be told");
        }
        String length = headers.getOrDefault("content-length", "0");
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > MOST_BODY) {
            throw new RefusedException(413, "the body is too large");
        }
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new IOException("the client went away");
        }
        return body;
    }
}
