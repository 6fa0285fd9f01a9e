package io.jenkins.plugins.minibuild.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The chat services as a robot sees them, on a free loopback port. It checks what they check: the key in the address, the signature and its age, the
 * schema and the size of the body, and the number of calls in any minute and any second, with DingTalk's ban; and answers with their codes, in their
 * envelopes: WeCom and DingTalk {@code {"errcode", "errmsg"}} with status 200, also for errors ("群机器人配置说明" on developer.work.weixin.qq.com,
 * "自定义机器人接入", "获取企业内部应用的accessToken" and "上传媒体文件" on open.dingtalk.com); Feishu and Lark {@code {"code", "msg"}} with status 400 for errors ("自定义机器人使用指南" on open.feishu.cn;
 * the status as users of other notifiers report it: kubesphere/notification-manager, pull request 126).
 */
public final class ChatService implements AutoCloseable {
    public static final String WECOM_KEY = "0f3cbd10-7a41-4be2-9e9c-wecomkey0001";
    public static final String DINGTALK_TOKEN = "dingtoken6d1c9f4b0a2e4e7f8c3b5a6d7e8f9012";
    public static final String DINGTALK_SECRET = "SECf00d6c2f7b7e4f6a9d9c5b3a1e8d7f6a5b4c3d2e1f";
    public static final String FEISHU_HOOK = "feishuhook-5f1e-4b8e-b3a5-0c9d8e7f6a5b";
    public static final String FEISHU_SECRET = "feishusecretQx7Lr2Vt9";
    public static final String WEBHOOK_PATH = "hook-very-secret-path-77";
    public static final String WEBHOOK_SECRET = "webhooksecretZk31aa90";
    public static final String APP_SECRET = "appsecret8Yd2kPw0aaQz";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMAGE_KEY = "img_v2_stand-in";
    private static final String MEDIA_ID = "@lADPstandIn-1_2";

    /** One call as it was answered. */
    public record Call(String service, int code, JsonNode body, String query, Map<String, String> headers, long at) {}

    private final Clock clock;
    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Deque<String> planned = new ArrayDeque<>();
    private final Map<String, Deque<Long>> arrivals = new HashMap<>();
    private final List<byte[]> uploads = new CopyOnWriteArrayList<>();
    private long dingTalkBan;
    private int violations;

    private ChatService(Clock clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "ChatService");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    public static ChatService start(Clock clock) throws IOException {
        return new ChatService(clock);
    }

    public String weComUrl() {
        return base() + "/cgi-bin/webhook/send?key=" + WECOM_KEY;
    }

    public String dingTalkUrl() {
        return base() + "/robot/send?access_token=" + DINGTALK_TOKEN;
    }

    public String feishuUrl() {
        return base() + "/open-apis/bot/v2/hook/" + FEISHU_HOOK;
    }

    public String webhookUrl() {
        return base() + "/" + WEBHOOK_PATH;
    }

    /** Where it listens, without a slash at the end. */
    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Everything that holds a key or a secret, for searches. */
    public static List<String> secrets() {
        return List.of(
                WECOM_KEY,
                DINGTALK_TOKEN,
                DINGTALK_SECRET,
                FEISHU_HOOK,
                FEISHU_SECRET,
                WEBHOOK_PATH,
                WEBHOOK_SECRET,
                APP_SECRET);
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The calls that a service took. */
    public List<Call> taken(String service) {
        return calls.stream()
                .filter(call -> call.service().equals(service) && call.code() == 0)
                .toList();
    }

    /** What was uploaded as pictures. */
    public List<byte[]> uploads() {
        return List.copyOf(uploads);
    }

    /** How often a limit was exceeded. */
    public synchronized int violations() {
        return violations;
    }

    /** The next call is answered like this: {@code status[:header=value][:body]}, or {@code drop} to close the connection. */
    public synchronized void next(String answer) {
        planned.addLast(answer);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            String plan;
            synchronized (this) {
                plan = planned.pollFirst();
            }
            String path = exchange.getRequestURI().getPath();
            if (plan != null) {
                calls.add(call(exchange, "planned", -1, bytes));
                if (plan.equals("drop")) {
                    return;
                }
                String[] parts = plan.split("\\|", 3);
                if (parts.length > 1 && parts[1].contains("=")) {
                    exchange.getResponseHeaders().set(parts[1].split("=")[0], parts[1].split("=")[1]);
                }
                answer(exchange, Integer.parseInt(parts[0]), parts.length > 2 ? parts[2] : "{}");
                return;
            }
            if (path.equals("/cgi-bin/webhook/send")) {
                robot(exchange, "wecom", bytes, weCom(exchange, bytes), "errcode", "errmsg");
            } else if (path.equals("/robot/send")) {
                robot(exchange, "dingtalk", bytes, dingTalk(exchange, bytes), "errcode", "errmsg");
            } else if (path.startsWith("/open-apis/bot/v2/hook/")) {
                robot(exchange, "feishu", bytes, feishu(path, bytes), "code", "msg");
            } else if (path.equals("/open-apis/auth/v3/tenant_access_token/internal")) {
                boolean good = APP_SECRET.equals(
                        JSON.readTree(bytes).path("app_secret").asText());
                answer(
                        exchange,
                        200,
                        good
                                ? "{\"code\":0,\"tenant_access_token\":\"t-token-1234567\"}"
                                : "{\"code\":10014,\"msg\":\"app secret invalid\"}");
            } else if (path.equals("/open-apis/im/v1/images")) {
                upload(exchange, bytes);
            } else if (path.equals("/v1.0/oauth2/accessToken")) {
                boolean good =
                        APP_SECRET.equals(JSON.readTree(bytes).path("appSecret").asText());
                answer(
                        exchange,
                        good ? 200 : 400,
                        good
                                ? "{\"accessToken\":\"d-token-1234567\",\"expireIn\":7200}"
                                : "{\"code\":\"invalidClientIdOrSecret\",\"message\":\"无效的clientId或者clientSecret\"}");
            } else if (path.equals("/media/upload")) {
                media(exchange, bytes);
            } else if (path.equals("/" + WEBHOOK_PATH)) {
                int status = webhook(exchange, bytes);
                calls.add(call(exchange, "webhook", status == 200 ? 0 : status, bytes));
                answer(exchange, status, "ok");
            } else {
                answer(exchange, 404, "nothing here");
            }
        } catch (RuntimeException | java.security.GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private Call call(HttpExchange exchange, String service, int code, byte[] bytes) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, all) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), all.get(0)));
        JsonNode body;
        try {
            body = JSON.readTree(bytes);
        } catch (IOException e) {
            body = JSON.nullNode();
        }
        return new Call(
                service, code, body, String.valueOf(exchange.getRequestURI().getQuery()), headers, clock.millis());
    }

    private void robot(HttpExchange exchange, String service, byte[] bytes, Verdict verdict, String code, String words)
            throws IOException {
        calls.add(call(exchange, service, verdict.code(), bytes));
        answer(
                exchange,
                service.equals("feishu") && verdict.code() != 0 ? 400 : 200,
                JSON.createObjectNode()
                        .put(code, verdict.code())
                        .put(words, verdict.words())
                        .toString());
    }

    private record Verdict(int code, String words) {
        static final Verdict OK = new Verdict(0, "ok");
    }

    private Verdict weCom(HttpExchange exchange, byte[] bytes)
            throws IOException, java.security.GeneralSecurityException {
        if (!("key=" + WECOM_KEY).equals(exchange.getRequestURI().getQuery())) {
            return new Verdict(93000, "invalid webhook url, hint: [stand-in]");
        }
        JsonNode body = JSON.readTree(bytes);
        switch (body.path("msgtype").asText()) {
            case "markdown" -> {
                String content = body.path("markdown").path("content").asText();
                if (content.isEmpty() || content.getBytes(StandardCharsets.UTF_8).length > 4096) {
                    return new Verdict(40058, "markdown.content exceed max length 4096");
                }
            }
            case "image" -> {
                byte[] picture = Base64.getDecoder()
                        .decode(body.path("image").path("base64").asText());
                String md5 = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("MD5").digest(picture));
                if (picture.length == 0
                        || picture.length > 2 << 20
                        || !md5.equals(body.path("image").path("md5").asText())) {
                    return new Verdict(40009, "invalid image size or md5");
                }
            }
            default -> {
                return new Verdict(40008, "invalid message type");
            }
        }
        return exceeds("wecom", 20, 60_000) ? new Verdict(45009, "api freq out of limit") : Verdict.OK;
    }

    private Verdict dingTalk(HttpExchange exchange, byte[] bytes)
            throws IOException, java.security.GeneralSecurityException {
        Map<String, String> query = new HashMap<>();
        for (String each : exchange.getRequestURI().getRawQuery().split("&")) {
            query.put(each.split("=", 2)[0], URLDecoder.decode(each.split("=", 2)[1], StandardCharsets.UTF_8));
        }
        if (!DINGTALK_TOKEN.equals(query.get("access_token"))) {
            return new Verdict(300001, "token is not exist");
        }
        long timestamp = Long.parseLong(query.getOrDefault("timestamp", "0"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(DINGTALK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String expected = Base64.getEncoder()
                .encodeToString(mac.doFinal((timestamp + "\n" + DINGTALK_SECRET).getBytes(StandardCharsets.UTF_8)));
        if (!expected.equals(query.get("sign")) || Math.abs(clock.millis() - timestamp) > 3_600_000) {
            return new Verdict(310000, "sign not match");
        }
        synchronized (this) {
            if (clock.millis() < dingTalkBan) {
                violations++;
                return new Verdict(130101, "send too fast");
            }
        }
        if (exceeds("dingtalk", 20, 60_000)) {
            synchronized (this) {
                dingTalkBan = clock.millis() + 600_000;
            }
            return new Verdict(130101, "send too fast, exceed 20 times per minute");
        }
        JsonNode body = JSON.readTree(bytes);
        JsonNode shown = body.path(body.path("msgtype").asText());
        boolean complete =
                Set.of("markdown", "actionCard").contains(body.path("msgtype").asText())
                        && !shown.path("title").asText().isEmpty()
                        && !shown.path("text").asText().isEmpty();
        if (body.has("actionCard")) {
            complete &= !body.has("at") && shown.path("btns").size() > 0;
            for (JsonNode button : shown.path("btns")) {
                complete &= !button.path("title").asText().isEmpty()
                        && button.path("actionURL").asText().startsWith("http");
            }
        }
        if (!complete || bytes.length > 20_000) {
            return new Verdict(40035, "invalid parameter");
        }
        for (JsonNode phone : body.path("at").path("atMobiles")) {
            if (!body.path("markdown").path("text").asText().contains("@" + phone.asText())) {
                return new Verdict(40035, "mentioned but not in the text");
            }
        }
        return Verdict.OK;
    }

    private Verdict feishu(String path, byte[] bytes) throws IOException, java.security.GeneralSecurityException {
        if (!path.endsWith("/" + FEISHU_HOOK)) {
            return new Verdict(19001, "param invalid: incoming webhook access token invalid");
        }
        JsonNode body = JSON.readTree(bytes);
        long timestamp = Long.parseLong(body.path("timestamp").asText("0"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec((timestamp + "\n" + FEISHU_SECRET).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        if (!Base64.getEncoder()
                        .encodeToString(mac.doFinal(new byte[0]))
                        .equals(body.path("sign").asText())
                || Math.abs(clock.millis() / 1000 - timestamp) > 3_600) {
            return new Verdict(19021, "sign match fail or timestamp is not within one hour from current time");
        }
        if (bytes.length > 20 * 1024) {
            return new Verdict(9499, "Bad Request: body exceeds 20k");
        }
        JsonNode card = body.path("card");
        if (!"interactive".equals(body.path("msg_type").asText())
                || !card.path("header").path("title").path("content").isTextual()
                || !card.path("elements").isArray()) {
            return new Verdict(19002, "params error, msg_type need");
        }
        for (JsonNode element : card.path("elements")) {
            if (element.path("tag").asText().equals("img")
                    && !IMAGE_KEY.equals(element.path("img_key").asText())) {
                return new Verdict(11246, "invalid image key");
            }
        }
        return exceeds("feishu", 100, 60_000) | exceeds("feishu-second", 5, 1_000)
                ? new Verdict(11232, "frequency limited")
                : Verdict.OK;
    }

    private void upload(HttpExchange exchange, byte[] bytes) throws IOException {
        String form = new String(bytes, StandardCharsets.ISO_8859_1);
        String boundary = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .split("boundary=")[1];
        boolean good =
                "Bearer t-token-1234567".equals(exchange.getRequestHeaders().getFirst("Authorization"))
                        && form.contains("name=\"image_type\"\r\n\r\nmessage\r\n")
                        && form.endsWith("--" + boundary + "--\r\n");
        int start = form.indexOf("\r\n\r\n", form.indexOf("name=\"image\"")) + 4;
        uploads.add(form.substring(start, form.lastIndexOf("\r\n--" + boundary)).getBytes(StandardCharsets.ISO_8859_1));
        answer(
                exchange,
                200,
                good
                        ? "{\"code\":0,\"data\":{\"image_key\":\"" + IMAGE_KEY + "\"}}"
                        : "{\"code\":234001,\"msg\":\"Invalid request param\"}");
    }

    private void media(HttpExchange exchange, byte[] bytes) throws IOException {
        String form = new String(bytes, StandardCharsets.ISO_8859_1);
        String boundary = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .split("boundary=")[1];
        boolean good = "type=image&access_token=d-token-1234567"
                        .equals(exchange.getRequestURI().getQuery())
                && form.contains("name=\"media\"; filename=")
                && form.endsWith("--" + boundary + "--\r\n");
        if (good) {
            int start = form.indexOf("\r\n\r\n", form.indexOf("name=\"media\"")) + 4;
            uploads.add(
                    form.substring(start, form.lastIndexOf("\r\n--" + boundary)).getBytes(StandardCharsets.ISO_8859_1));
        }
        answer(
                exchange,
                200,
                good
                        ? "{\"errcode\":0,\"errmsg\":\"ok\",\"type\":\"image\",\"media_id\":\"" + MEDIA_ID + "\"}"
                        : "{\"errcode\":40014,\"errmsg\":\"不合法的access_token\"}");
    }

    private int webhook(HttpExchange exchange, byte[] bytes)
            throws IOException, java.security.GeneralSecurityException {
        String timestamp = exchange.getRequestHeaders().getFirst("X-MiniBuild-Timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
        String expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(bytes));
        boolean fresh = timestamp != null && Math.abs(clock.millis() / 1000 - Long.parseLong(timestamp)) <= 300;
        if (!fresh || !expected.equals(exchange.getRequestHeaders().getFirst("X-MiniBuild-Signature"))) {
            return 401;
        }
        JsonNode body = JSON.readTree(bytes);
        return Set.of("id", "event", "project", "title", "values").stream().allMatch(body::has) ? 200 : 422;
    }

    private synchronized boolean exceeds(String counter, int most, long window) {
        long now = clock.millis();
        Deque<Long> all = arrivals.computeIfAbsent(counter, key -> new ArrayDeque<>());
        while (!all.isEmpty() && all.peekFirst() <= now - window) {
            all.removeFirst();
        }
        if (all.size() >= most) {
            violations++;
            return true;
        }
        all.addLast(now);
        return false;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
