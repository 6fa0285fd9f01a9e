package io.jenkins.plugins.minibuild.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import javax.crypto.Cipher;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A local stand-in of the WeChat service that {@code miniprogram-ci} talks to.
 *
 * <p>It is an HTTP proxy on a free loopback port that answers {@code CONNECT servicewechat.com:443} with TLS of its own. A
 * process that has {@link #environment()} reaches it and nothing else. It verifies the signature of an app's key as the real
 * service does, keeps what was uploaded, answers a preview with a QR code that can be scanned, and plays every
 * {@link Fault} it is told to play.
 *
 * <p>Safe for use from several threads. What the real service answers is in {@code facts/miniprogram-ci.md}; the error code
 * for a signature that does not fit is this class' own choice.
 */
public final class WeChatService implements AutoCloseable {

    /** The only host that the proxy connects to. */
    public static final String HOST = "servicewechat.com";

    /** The call of an upload, for {@link #fail(String, Fault)} and its kin. */
    public static final String UPLOAD = "upload";

    /** The call of a preview. */
    public static final String PREVIEW = "testSourceURL";

    /** The first call of all: a random string to sign. */
    public static final String RANDOM_STRING = "getrandstr";

    /** The call that tells how large the source map of the last upload is. */
    public static final String SOURCE_MAP_INFO = "get_dev_sourcemap_info";

    /** The call that gives a piece of it. */
    public static final String SOURCE_MAP = "get_dev_sourcemap";

    /** The opening of a connection through the proxy. */
    public static final String CONNECT = "CONNECT";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SIGNATURE_FILE = "/ci.signature";
    /** So small that a source map comes in pieces; the client waits two seconds before each. */
    private static final int SOURCE_MAP_PIECE = 500;

    private static final int MAX_REQUEST = 128 * 1024 * 1024;

    private final ServerSocket listener;
    private final TestAuthority authority;
    private final SSLContext tls;
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private final Map<String, Fault> lasting = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> queued = new ConcurrentHashMap<>();
    private final Set<String> randomStrings = ConcurrentHashMap.newKeySet();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Upload> uploads = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Integer> inHand = new ConcurrentHashMap<>();
    private final Map<String, Integer> mostInHand = new ConcurrentHashMap<>();

    private WeChatService(Path folder) throws IOException {
        try {
            authority = TestAuthority.create(folder, HOST);
            tls = authority.serverContext();
        } catch (GeneralSecurityException e) {
            throw new IOException("No certificate for the stand-in of " + HOST, e);
        }
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        spawn("accept", this::accept);
    }

    /**
     * Starts the service.
     *
     * @param folder an existing folder; the certificate of its authority is written there
     * @return the running service
     * @throws IOException when no port or no certificate is to be had
     */
    public static WeChatService start(Path folder) throws IOException {
        return new WeChatService(folder);
    }

    /** The proxy's address, {@code http://127.0.0.1:PORT}. */
    public String proxyUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** The PEM file for {@code NODE_EXTRA_CA_CERTS}. */
    public Path caFile() {
        return authority.caFile();
    }

    /** What a process needs in its environment to take this for the real service. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HTTPS_PROXY", proxyUrl());
        environment.put("https_proxy", proxyUrl());
        environment.put("NODE_EXTRA_CA_CERTS", caFile().toString());
        return environment;
    }

    /** Makes an app known; a call for an app that is not known, or signed with another key, is refused. */
    public void registerApp(String appId, PublicKey key) {
        keys.put(appId, key);
    }

    /** Everything that was accepted so far, previews included, oldest first. */
    public List<Upload> uploads() {
        return List.copyOf(uploads);
    }

    /** The names of the calls so far, {@value #CONNECT} included, oldest first. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** How many uploads (not previews) of one robot were in hand at the same moment at the most, so far. */
    public int atOnce(String appId, int robot) {
        return mostInHand.getOrDefault(appId + "/" + robot, 0);
    }

    /** Plays a fault at the next time of a call; faults of one call queue up. */
    public void failNext(String call, Fault fault) {
        queued.computeIfAbsent(call, c -> new ArrayDeque<>());
        synchronized (queued) {
            queued.get(call).add(fault);
        }
    }

    /** Plays a fault at every time of a call, until {@link #recover()}. */
    public void fail(String call, Fault fault) {
        lasting.put(call, fault);
    }

    /** Plays a fault at every time of a call for one app, until {@link #recover()}. */
    public void fail(String appId, String call, Fault fault) {
        lasting.put(appId + " " + call, fault);
    }

    /** Forgets all faults. */
    public void recover() {
        lasting.clear();
        queued.clear();
    }

    @Override
    public void close() {
        closed.countDown();
        closeQuietly(listener);
        sockets.forEach(WeChatService::closeQuietly);
    }

    // ---- connections

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                spawn("connection", () -> proxy(socket));
            } catch (IOException e) {
                if (closed.getCount() > 0) {
                    throw new IllegalStateException("The stand-in of " + HOST + " cannot listen any more", e);
                }
            }
        }
    }

    private void proxy(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            // Unbuffered on purpose: bytes after the blank line belong to the TLS handshake.
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            String requestLine = readLine(in);
            while (!readLine(in).isEmpty()) {
                // the headers of CONNECT say nothing of interest
            }
            calls.add(CONNECT);
            Fault fault = faultOf(CONNECT, "");
            if (fault != null && !play(fault, out)) {
                return;
            }
            if (!requestLine.startsWith("CONNECT " + HOST + ":443 ")) {
                out.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            try (SSLSocket secure =
                    (SSLSocket) tls.getSocketFactory().createSocket(socket, HOST, socket.getPort(), true)) {
                secure.setUseClientMode(false);
                serve(secure);
            }
        } catch (EOFException | SocketException | javax.net.ssl.SSLException e) {
            // The client went away, which tests do on purpose.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            sockets.remove(socket);
        }
    }

    private void serve(SSLSocket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        while (true) {
            Request request = Request.read(in);
            if (request == null) {
                return;
            }
            String answer = answer(request, out);
            if (answer == null) {
                return;
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            out.write(
                    ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        }
    }

    /** Returns the answer, or null when the connection is to be closed without one. */
    private String answer(Request request, OutputStream out) throws IOException {
        String call = request.path.substring(request.path.lastIndexOf('/') + 1);
        if (!request.path.startsWith("/wxa/ci/")) {
            return "{}"; // telemetry
        }
        calls.add(call);
        String appId = request.query.containsKey("appid")
                ? request.query.get("appid")
                : request.json().path("appid").asText("");
        if (!call.equals(UPLOAD)) {
            return answer(call, appId, request, out);
        }
        String seat = appId + "/" + request.query.get("robot");
        mostInHand.merge(seat, inHand.merge(seat, 1, Integer::sum), Math::max);
        try {
            return answer(call, appId, request, out);
        } finally {
            inHand.merge(seat, -1, Integer::sum);
        }
    }

    private String answer(String call, String appId, Request request, OutputStream out) throws IOException {
        Fault fault = faultOf(call, appId);
        if (fault instanceof Fault.Mute) {
            answered(call, appId, request);
            return play(Fault.hang(), out) ? "" : null;
        }
        if (fault instanceof Fault.Answer) {
            return ((Fault.Answer) fault).body;
        }
        if (fault != null && !play(fault, out)) {
            return null;
        }
        return answered(call, appId, request);
    }

    private String answered(String call, String appId, Request request) throws IOException {
        switch (call) {
            case RANDOM_STRING:
                String random = UUID.randomUUID().toString();
                randomStrings.add(random);
                return success()
                        .set("data", JSON.createObjectNode().put("randomString", random))
                        .toString();
            case "getattr":
                return attributes(appId, request.json().path("signature").asText());
            case "getwhiteextlist":
                return success().set("data", JSON.createObjectNode()).toString();
            case UPLOAD:
            case PREVIEW:
                return upload(call, appId, request);
            case SOURCE_MAP_INFO:
                return sourceMapInfo(appId, request.json());
            case SOURCE_MAP:
                return sourceMap(appId, request.json());
            default:
                return error(-1, "unknown call " + call);
        }
    }

    private String attributes(String appId, String signature) {
        if (!verify(appId, signature)) {
            return error(-10006, "invalid signature");
        }
        ObjectNode setting = JSON.createObjectNode()
                .put("MaxCodeSize", 2)
                .put("MaxSubpackageSubCodeSize", 2)
                .put("MaxSubpackageFullCodeSize", 20)
                .put("NavigateMiniprogramLimit", 10)
                .put("MaxSubPackageLimit", 100)
                .put("MinTabbarCount", 2)
                .put("MaxTabbarCount", 5)
                .put("MaxCustomTabbarCount", 10)
                .put("MaxTabbarIconSize", 40);
        ObjectNode data = JSON.createObjectNode()
                .put("platform", false)
                .put("appType", 0)
                .put("isSandbox", false)
                .put("released", false);
        data.set("setting", setting);
        return success().set("data", data).toString();
    }

    private String upload(String call, String appId, Request request) throws IOException {
        SortedMap<String, byte[]> files = unpack(request.body);
        byte[] signatureFile = files.remove(SIGNATURE_FILE);
        if (signatureFile == null) {
            return error(-10005, "no signature");
        }
        JsonNode signed = JSON.readTree(signatureFile);
        if (!verify(appId, signed.path("signature").asText())) {
            return error(-10006, "invalid signature");
        }
        Upload upload = new Upload(
                call.equals(PREVIEW),
                appId,
                request.query,
                files,
                signed.path("version").asText());
        Map<String, Integer> sizes = upload.packageSizes();
        for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            int limit = size.getKey().equals("__FULL__") ? 20 : 2;
            if (size.getValue() > limit * 1024 * 1024) {
                return error(
                        80200,
                        "package " + size.getKey() + " source size " + size.getValue() / 1024 + "KB exceed max limit "
                                + limit + "MB");
            }
        }
        uploads.add(upload);
        ArrayNode packages = JSON.createArrayNode();
        sizes.forEach((name, size) -> packages.addObject().put("name", name).put("size", size));
        ObjectNode body = JSON.createObjectNode();
        body.set("subpackage_info", packages);
        body.set("ext_plugin_info", JSON.createArrayNode());
        if (upload.isPreview()) {
            byte[] picture = QrPicture.jpeg(upload.previewUrl());
            body.put("qrcode_img", Base64.getEncoder().encodeToString(picture));
        }
        return success().set("body", body).toString();
    }

    private String sourceMapInfo(String appId, JsonNode asked) throws IOException {
        if (!verify(appId, asked.path("signature").asText())) {
            return error(-10006, "invalid signature");
        }
        ObjectNode data = JSON.createObjectNode()
                .put("total_size", sourceMap(appId, asked.path("robot").asInt()).length())
                .put("limit", SOURCE_MAP_PIECE);
        return success().set("data", data).toString();
    }

    private String sourceMap(String appId, JsonNode asked) throws IOException {
        ObjectNode piece = success();
        if (verify(appId, asked.path("signature").asText())) {
            String whole = sourceMap(appId, asked.path("robot").asInt());
            int from = asked.path("offset").asInt();
            piece.put("body", whole.substring(from, from + asked.path("limit").asInt()));
        } else {
            piece.put("errCode", -10006);
        }
        return JSON.createObjectNode().set("innerRequestResp", piece).toString();
    }

    /** Of the last upload by that robot: one map for each script, as the real service keeps them of what it was sent. */
    private String sourceMap(String appId, int robot) throws IOException {
        ArrayNode maps = JSON.createArrayNode();
        for (Upload upload : uploads) {
            if (!upload.isPreview()
                    && upload.appId().equals(appId)
                    && upload.robot().equals(Integer.toString(robot))) {
                maps.removeAll();
                upload.files().keySet().stream()
                        .filter(name -> name.endsWith(".js"))
                        .forEach(name -> maps.addObject()
                                .put("fullpath", name.substring(1) + ".map")
                                .put("sourcemap", "{\"version\":3,\"sources\":[\"" + name + "\"],\"mappings\":\"\"}"));
            }
        }
        return JSON.createObjectNode().set("sourcemap_list", maps).toString();
    }

    /** The client encrypts {appid, rand_str} with its private key, so that whoever has the public key can read it. */
    private boolean verify(String appId, String signature) {
        PublicKey key = keys.get(appId);
        if (key == null) {
            return false;
        }
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, key);
            JsonNode signed = JSON.readTree(cipher.doFinal(Base64.getDecoder().decode(signature)));
            return appId.equals(signed.path("appid").asText())
                    && randomStrings.remove(signed.path("rand_str").asText());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static ObjectNode success() {
        return JSON.createObjectNode().put("errCode", 0).put("errMsg", "");
    }

    private static String error(int code, String message) {
        return JSON.createObjectNode()
                .put("errCode", code)
                .put("errMsg", message)
                .toString();
    }

    /** The package: byte 0xBE, an index of names with offset and length, byte 0xED in between, then the bytes. */
    private static SortedMap<String, byte[]> unpack(byte[] gzip) throws IOException {
        byte[] packed;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            packed = in.readAllBytes();
        }
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        if (buffer.get() != (byte) 0xBE) {
            throw new IOException("not a package: first byte is " + packed[0]);
        }
        buffer.position(14);
        int count = buffer.getInt();
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[buffer.getInt()];
            buffer.get(name);
            int offset = buffer.getInt();
            byte[] content = new byte[buffer.getInt()];
            System.arraycopy(packed, offset, content, 0, content.length);
            files.put(new String(name, StandardCharsets.UTF_8), content);
        }
        return files;
    }

    // ---- faults

    private Fault faultOf(String call, String appId) {
        Deque<Fault> queue = queued.get(call);
        if (queue != null) {
            synchronized (queued) {
                Fault next = queue.poll();
                if (next != null) {
                    return next;
                }
            }
        }
        Fault ofApp = lasting.get(appId + " " + call);
        return ofApp != null ? ofApp : lasting.get(call);
    }

    /** Returns whether to go on with the ordinary answer. */
    private boolean play(Fault fault, OutputStream out) throws IOException {
        try {
            if (fault instanceof Fault.Slow) {
                return !closed.await(((Fault.Slow) fault).delay.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (fault instanceof Fault.Hang) {
                closed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (fault instanceof Fault.Answer) {
            out.write(((Fault.Answer) fault).body.getBytes(StandardCharsets.UTF_8));
        }
        return false;
    }

    /** Something that goes wrong. */
    public abstract static class Fault {

        private Fault() {}

        /** The service answers with an error code of its own. */
        public static Fault error(int code, String message) {
            return new Answer(WeChatService.error(code, message));
        }

        /** The service answers with these bytes, which need not be JSON. */
        public static Fault answer(String body) {
            return new Answer(body);
        }

        /** The service takes its time, and then does what it should. */
        public static Fault slow(Duration delay) {
            return new Slow(delay);
        }

        /** The service never answers. */
        public static Fault hang() {
            return new Hang();
        }

        /** The service does what it should, and never says so. */
        public static Fault mute() {
            return new Mute();
        }

        /** The connection is closed in the middle of the call. */
        public static Fault cut() {
            return new Cut();
        }

        private static final class Answer extends Fault {
            private final String body;

            private Answer(String body) {
                this.body = body;
            }
        }

        private static final class Slow extends Fault {
            private final Duration delay;

            private Slow(Duration delay) {
                this.delay = delay;
            }
        }

        private static final class Hang extends Fault {}

        private static final class Mute extends Fault {}

        private static final class Cut extends Fault {}
    }

    /** One accepted package. */
    public static final class Upload {
        private final boolean preview;
        private final String appId;
        private final Map<String, String> query;
        private final SortedMap<String, byte[]> contents;
        private final String clientVersion;

        private Upload(
                boolean preview,
                String appId,
                Map<String, String> query,
                SortedMap<String, byte[]> contents,
                String clientVersion) {
            this.preview = preview;
            this.appId = appId;
            this.query = query;
            this.contents = contents;
            this.clientVersion = clientVersion;
        }

        /** Whether it was uploaded for a preview. */
        public boolean isPreview() {
            return preview;
        }

        /** The app it is for. */
        public String appId() {
            return appId;
        }

        /** The version as given; of a preview always 0.0.1. */
        public String version() {
            return query.getOrDefault("version", "");
        }

        /** The description of the version. */
        public String desc() {
            return query.getOrDefault("desc", "");
        }

        /** The number of the CI robot, as text. */
        public String robot() {
            return query.getOrDefault("robot", "");
        }

        /** All parameters of the call. */
        public Map<String, String> query() {
            return Collections.unmodifiableMap(query);
        }

        /** The version of miniprogram-ci that signed the package. */
        public String clientVersion() {
            return clientVersion;
        }

        /** Name and size in bytes of every file but the signature. */
        public SortedMap<String, Integer> files() {
            SortedMap<String, Integer> sizes = new TreeMap<>();
            contents.forEach((name, content) -> sizes.put(name, content.length));
            return sizes;
        }

        /** The bytes of a file, or null when there is none of that name. */
        public byte[] content(String name) {
            byte[] content = contents.get(name);
            return content == null ? null : content.clone();
        }

        private Map<String, Integer> packageSizes() throws IOException {
            List<String> roots = new ArrayList<>();
            byte[] appJson = contents.get("/app.json");
            if (appJson != null) {
                JsonNode app = JSON.readTree(appJson);
                for (String key : List.of("subPackages", "subpackages")) {
                    app.path(key).forEach(p -> roots.add(("/" + p.path("root").asText() + "/").replaceAll("/+", "/")));
                }
            }
            Map<String, Integer> sizes = new LinkedHashMap<>();
            sizes.put("__FULL__", 0);
            sizes.put("__APP__", 0);
            contents.forEach((name, content) -> {
                if (name.endsWith(".js.map")) {
                    return;
                }
                String owner =
                        roots.stream().filter(name::startsWith).findFirst().orElse("__APP__");
                sizes.merge("__FULL__", content.length, Integer::sum);
                sizes.merge(owner, content.length, Integer::sum);
            });
            return sizes;
        }

        private String previewUrl() throws IOException {
            JsonNode launch = JSON.readTree(query.getOrDefault("debugLaunchInfo", "{}"));
            StringBuilder url = new StringBuilder("https://" + HOST + "/preview?appid=" + encode(appId));
            url.append("&robot=").append(encode(robot()));
            if (launch.hasNonNull("path")) {
                url.append("&path=").append(encode(launch.get("path").asText()));
            }
            url.append("&scene=").append(launch.path("scene").asText("1011"));
            return url.toString();
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }

    // ---- HTTP

    private static final class Request {
        private final String path;
        private final Map<String, String> query;
        private final byte[] body;

        private Request(String path, Map<String, String> query, byte[] body) {
            this.path = path;
            this.query = query;
            this.body = body;
        }

        private JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                return JSON.createObjectNode();
            }
        }

        /** Reads one request; null at the end of the connection. */
        private static Request read(InputStream in) throws IOException {
            String line;
            try {
                line = readLine(in);
            } catch (EOFException e) {
                return null;
            }
            String[] words = line.split(" ");
            if (words.length != 3) {
                throw new EOFException("not HTTP: " + line);
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (String header = readLine(in); !header.isEmpty(); header = readLine(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).trim());
            }
            byte[] body;
            if ("chunked".equals(headers.get("transfer-encoding"))) {
                body = readChunks(in);
            } else {
                body = readExactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
            }
            int mark = words[1].indexOf('?');
            Map<String, String> query = new LinkedHashMap<>();
            if (mark >= 0) {
                for (String pair : words[1].substring(mark + 1).split("&")) {
                    int equals = pair.indexOf('=');
                    if (equals > 0) {
                        query.put(
                                pair.substring(0, equals),
                                URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                    }
                }
            }
            return new Request(mark < 0 ? words[1] : words[1].substring(0, mark), query, body);
        }
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(readLine(in).split(";")[0].trim(), 16);
            body.write(readExactly(in, size));
            readLine(in);
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private static byte[] readExactly(InputStream in, int size) throws IOException {
        if (size > MAX_REQUEST) {
            throw new IOException("request of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException();
        }
        return bytes;
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            if (b != '\r') {
                line.write(b);
            }
            if (line.size() > 65536) {
                throw new IOException("a line that never ends");
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is being thrown away.
        }
    }

    private static void spawn(String name, Runnable body) {
        Thread thread = new Thread(body, "wechat stand-in " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The names of the calls so far without repetition; for assertions. */
    public Set<String> distinctCalls() {
        return new HashSet<>(calls);
    }
}
