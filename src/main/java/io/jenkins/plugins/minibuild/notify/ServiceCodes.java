package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.notify.SendResult.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What the codes in the answers of one service mean. A code counts whatever HTTP status it comes with: Feishu answers its limits and wrong tokens with status
 * 400. A code that is not listed is read by the service's words, then by the status. Sources, as of 2026: "自定义机器人使用指南" and "通用错误码" (open.feishu.cn,
 * the same for open.larksuite.com), "自定义机器人接入" and "服务端错误码" (open.dingtalk.com), "群机器人配置说明" and "全局错误码"
 * (developer.work.weixin.qq.com).
 */
final class ServiceCodes {
    /** A service that says "too many" without a time. */
    static final Duration MINUTE = Duration.ofSeconds(60);
    /** DingTalk's ban lasts ten minutes. */
    static final Duration BAN = Duration.ofMinutes(10).plusSeconds(5);

    /** The words for "too many calls" of all services, for codes that mean several things, as Feishu's 9499 does, and for codes that are not listed. */
    private static final Pattern TOO_MANY = Pattern.compile(
            "(?i)too many requests?|too fast|too frequent|rate.?limit|freq(uency)? (out of )?limit|frequency|exceed.*(per minute|qps)|限流|频率|过于频繁|太快");

    /** The words for a wrong address in answers whose code is not listed. */
    private static final Pattern WRONG_ADDRESS = Pattern.compile(
            "(?i)access.?token|invalid webhook|webhook.*invalid|token is not exist|robot.*(removed|not exist)");

    /**
     * The meaning of a code.
     *
     * @param pause for how long a limited service wants no calls; zero for other kinds
     * @param advice what to do, in the language of the controller
     */
    record Meaning(Kind kind, Duration pause, Supplier<String> advice) {}

    private final List<String> codes;
    private final List<String> words;
    private final Map<Long, Meaning> meanings = new HashMap<>();

    /**
     * @param codes the names of the field with the code, the first that is there counts
     * @param words the names of the field with the words
     */
    private ServiceCodes(List<String> codes, List<String> words) {
        this.codes = codes;
        this.words = words;
    }

    private ServiceCodes with(Kind kind, Duration pause, Supplier<String> advice, long... all) {
        Arrays.stream(all).forEach(code -> meanings.put(code, new Meaning(kind, pause, advice)));
        return this;
    }

    /** WeCom group robots. */
    static final ServiceCodes WECOM = new ServiceCodes(List.of("errcode"), List.of("errmsg"))
            .with(Kind.FAILED, Duration.ZERO, () -> "", -1, 6000, 50003)
            // 45009 too many calls, 45011 too often, 45033 too many at the same time.
            .with(Kind.LIMITED, MINUTE, Messages::RobotCall_waits, 45009, 45011, 45033)
            // Keys that are wrong, expired or missing; a robot that was removed, stopped or is not in the group.
            .with(
                    Kind.BROKEN,
                    Duration.ZERO,
                    Messages::WeComSender_newAddress,
                    40001,
                    40014,
                    40082,
                    41001,
                    42001,
                    93000,
                    93004,
                    93008)
            // The address of this controller is not allowed; the robot may not be used.
            .with(Kind.BROKEN, Duration.ZERO, Messages::WeComSender_forbidden, 48002, 60020, 301002)
            // The message: its type, size, text, picture or form.
            .with(
                    Kind.REFUSED,
                    Duration.ZERO,
                    Messages::RobotCall_refused,
                    40004,
                    40006,
                    40008,
                    40009,
                    40033,
                    40035,
                    40039,
                    40058,
                    41016,
                    44001,
                    44004,
                    45001,
                    45002,
                    45008,
                    47001,
                    301019);

    /** DingTalk's custom robots. */
    static final ServiceCodes DINGTALK = new ServiceCodes(List.of("errcode", "code"), List.of("errmsg", "message"))
            .with(Kind.FAILED, Duration.ZERO, () -> "", -1)
            .with(Kind.LIMITED, BAN, Messages::DingTalkSender_ban, 130101)
            .with(Kind.LIMITED, MINUTE, Messages::RobotCall_waits, 90002, 90018, 410100)
            .with(Kind.BROKEN, Duration.ZERO, Messages::DingTalkSender_security, 310000)
            // The group was dissolved, the robot removed or stopped, the token wrong.
            .with(
                    Kind.BROKEN,
                    Duration.ZERO,
                    Messages::DingTalkSender_newAddress,
                    40014,
                    88,
                    300001,
                    300005,
                    400013,
                    400101,
                    400102,
                    400106)
            // A parameter is missing or of the wrong kind; a link, text or picture that DingTalk does not allow.
            .with(
                    Kind.REFUSED,
                    Duration.ZERO,
                    Messages::RobotCall_refused,
                    40035,
                    43004,
                    400105,
                    430101,
                    430102,
                    430103,
                    430104,
                    460101);

    /** Feishu's and Lark's custom bots. */
    static final ServiceCodes FEISHU = new ServiceCodes(List.of("code", "StatusCode"), List.of("msg", "StatusMessage"))
            .with(Kind.FAILED, Duration.ZERO, () -> "", -1, 2200, 1500, 1551, 55001)
            // 9499 is "too many request" and "Bad Request": its words decide.
            .with(Kind.LIMITED, MINUTE, Messages::RobotCall_waits, 11232, 11233, 11247, 99991400)
            .with(Kind.BROKEN, Duration.ZERO, Messages::FeishuSender_newAddress, 19001, 19003, 19004, 19005, 19007)
            .with(Kind.BROKEN, Duration.ZERO, Messages::FeishuSender_security, 19021, 19022, 19024)
            .with(
                    Kind.REFUSED,
                    Duration.ZERO,
                    Messages::RobotCall_refused,
                    9499,
                    10002,
                    11246,
                    11310,
                    19002,
                    19036,
                    200621,
                    200861,
                    230001,
                    230025,
                    230028,
                    230099);

    /** The code of an answer; null if it has none. */
    @CheckForNull
    Long code(JsonNode answer) {
        for (String each : codes) {
            JsonNode value = answer.path(each);
            if (value.isIntegralNumber()) {
                return value.asLong();
            }
            if (value.isTextual() && value.asText().matches("-?\\d{1,12}")) {
                return Long.parseLong(value.asText());
            }
        }
        return null;
    }

    /** The service's own words; empty for none. */
    String words(JsonNode answer) {
        return words.stream()
                .map(each -> answer.path(each).asText(""))
                .filter(each -> !each.isBlank())
                .findFirst()
                .orElse("");
    }

    /**
     * What a code other than 0 means.
     *
     * @param words the service's own
     * @param status of HTTP
     */
    Meaning meaning(long code, String words, int status) {
        Meaning listed = meanings.get(code);
        boolean vague = listed == null || listed.kind() == Kind.REFUSED;
        if (vague && TOO_MANY.matcher(words).find()) {
            return new Meaning(Kind.LIMITED, MINUTE, Messages::RobotCall_waits);
        }
        if (listed != null) {
            return listed;
        }
        if (status == 401
                || status == 403
                || status == 404
                || WRONG_ADDRESS.matcher(words).find()) {
            return new Meaning(Kind.BROKEN, Duration.ZERO, Messages::RobotCall_checkAddress);
        }
        return status >= 500
                ? new Meaning(Kind.FAILED, Duration.ZERO, () -> "")
                : new Meaning(Kind.REFUSED, Duration.ZERO, Messages::RobotCall_refused);
    }

    /** The codes that are listed, for tests. */
    Map<Long, Meaning> listed() {
        return Map.copyOf(meanings);
    }
}
