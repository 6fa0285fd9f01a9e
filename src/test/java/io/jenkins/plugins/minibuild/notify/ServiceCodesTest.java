package io.jenkins.plugins.minibuild.notify;

import static io.jenkins.plugins.minibuild.notify.SendResult.Kind.BROKEN;
import static io.jenkins.plugins.minibuild.notify.SendResult.Kind.FAILED;
import static io.jenkins.plugins.minibuild.notify.SendResult.Kind.LIMITED;
import static io.jenkins.plugins.minibuild.notify.SendResult.Kind.REFUSED;
import static io.jenkins.plugins.minibuild.notify.SendResult.Kind.SENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.standin.ChatService;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every documented code of every service, with the statuses it may come with: what becomes of the message and of its channel. */
class ServiceCodesTest {
    private final Fixture.Hands clock = new Fixture.Hands();
    private ChatService service;

    @BeforeEach
    void start() throws Exception {
        service = ChatService.start(clock);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Channel channel(String name) {
        return switch (name) {
            case "wecom" -> Fixture.weCom(service, clock);
            case "dingtalk" -> Fixture.dingTalk(service, clock);
            case "feishu" -> Fixture.feishu(service, clock, null);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private SendResult answered(String name, int status, String body) throws Exception {
        Channel channel = channel(name);
        service.next(status + "||" + body);
        return channel.sender().send(Fixture.message(channel, Fixture.notice(Event.FAILED, "shop", 1)), new byte[0]);
    }

    /** Lark speaks as Feishu: its rows are those of feishu. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // What Feishu and Lark answer, with the status as they send it.
                "feishu; 400; {'code':9499,'msg':'too many request','data':{}}; LIMITED; 60",
                "feishu; 400; {'code':9499,'msg':'Bad Request','data':{}}; REFUSED; 0",
                "feishu; 400; {'code':11232,'msg':'frequency limited psm[lark.oapi.app_platform_runtime]'}; LIMITED; 60",
                "feishu; 200; {'code':11232,'msg':'frequency limited'}; LIMITED; 60",
                "feishu; 400; {'code':99991400,'msg':'request trigger frequency limit'}; LIMITED; 60",
                "feishu; 429; {'code':99991400,'msg':'request trigger frequency limit'}; LIMITED; 60",
                "feishu; 400; {'code':19001,'msg':'param invalid: incoming webhook access token invalid'}; BROKEN; 0",
                "feishu; 400; {'code':19007,'msg':'Bot Not Enabled'}; BROKEN; 0",
                "feishu; 400; {'code':19021,'msg':'sign match fail or timestamp is not within one hour'}; BROKEN; 0",
                "feishu; 400; {'code':19022,'msg':'Ip Not Allowed'}; BROKEN; 0",
                "feishu; 400; {'code':19024,'msg':'Key Words Not Found'}; BROKEN; 0",
                "feishu; 400; {'code':19002,'msg':'params error, msg_type need'}; REFUSED; 0",
                "feishu; 400; {'code':230099,'msg':'Failed to create card content'}; REFUSED; 0",
                "feishu; 200; {'code':2200,'msg':'internal error'}; FAILED; 0",
                "feishu; 200; {'StatusCode':0,'StatusMessage':'success','code':0,'msg':'success','data':{}}; SENT; 0",
                "feishu; 200; {'StatusCode':0,'StatusMessage':'success'}; SENT; 0",
                "feishu; 400; {'code':20000001,'msg':'the webhook is invalid'}; BROKEN; 0",
                // DingTalk: status 200 for all; a gateway before it may say more.
                "dingtalk; 200; {'errcode':130101,'errmsg':'send too fast, exceed 20 times per minute'}; LIMITED; 605",
                "dingtalk; 403; {'errcode':130101,'errmsg':'send too fast'}; LIMITED; 605",
                "dingtalk; 200; {'errcode':410100,'errmsg':'发送速度太快而限流'}; LIMITED; 60",
                "dingtalk; 200; {'errcode':310000,'errmsg':'keywords not in content'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':310000,'errmsg':'sign not match'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':310000,'errmsg':'ip X not in whitelist'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':400101,'errmsg':'access_token不存在'}; BROKEN; 0",
                "dingtalk; 400; {'errcode':400101,'errmsg':'access_token不存在'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':400102,'errmsg':'机器人已停用'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':400013,'errmsg':'群已被解散'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':400106,'errmsg':'机器人不存在'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':300001,'errmsg':'token is not exist'}; BROKEN; 0",
                "dingtalk; 200; {'errcode':400105,'errmsg':'不支持的消息类型'}; REFUSED; 0",
                "dingtalk; 200; {'errcode':40035,'errmsg':'缺少参数 json'}; REFUSED; 0",
                "dingtalk; 200; {'errcode':43004,'errmsg':'无效的HTTP HEADER Content-Type'}; REFUSED; 0",
                "dingtalk; 200; {'errcode':430101,'errmsg':'含有不合适的外链'}; REFUSED; 0",
                "dingtalk; 200; {'errcode':430104,'errmsg':'含有不合适的内容'}; REFUSED; 0",
                "dingtalk; 200; {'errcode':-1,'errmsg':'系统繁忙'}; FAILED; 0",
                // WeCom.
                "wecom; 200; {'errcode':45009,'errmsg':'api freq out of limit'}; LIMITED; 60",
                "wecom; 400; {'errcode':45009,'errmsg':'api freq out of limit'}; LIMITED; 60",
                "wecom; 200; {'errcode':45033,'errmsg':'接口并发调用超过限制'}; LIMITED; 60",
                "wecom; 200; {'errcode':93000,'errmsg':'invalid webhook url, hint: [1]'}; BROKEN; 0",
                "wecom; 404; {'errcode':93000,'errmsg':'invalid webhook url'}; BROKEN; 0",
                "wecom; 200; {'errcode':93008,'errmsg':'not in group'}; BROKEN; 0",
                "wecom; 200; {'errcode':60020,'errmsg':'not allow to access from your ip'}; BROKEN; 0",
                "wecom; 200; {'errcode':40058,'errmsg':'markdown.content exceed max length 4096'}; REFUSED; 0",
                "wecom; 200; {'errcode':40008,'errmsg':'invalid message type'}; REFUSED; 0",
                "wecom; 200; {'errcode':301019,'errmsg':'image md5 mismatch'}; REFUSED; 0",
                "wecom; 200; {'errcode':-1,'errmsg':'system busy'}; FAILED; 0",
                // Codes that nobody documents: the words, then the status.
                "wecom; 200; {'errcode':987654,'errmsg':'too many requests'}; LIMITED; 60",
                "wecom; 400; {'errcode':987654,'errmsg':'odd'}; REFUSED; 0",
                "wecom; 403; {'errcode':987654,'errmsg':'odd'}; BROKEN; 0",
                "wecom; 502; {'errcode':987654,'errmsg':'odd'}; FAILED; 0",
                // The status alone.
                "feishu; 503; <html>; FAILED; 0",
                "feishu; 429; <html>; LIMITED; 30",
                "feishu; 404; 404 page not found; BROKEN; 0",
                "feishu; 200; <html>login; BROKEN; 0",
                "feishu; 500; {'code':0,'msg':'success'}; FAILED; 0",
                "dingtalk; 413; too large; REFUSED; 0"
            })
    void statusAndBodyAreReadTogether(String name, int status, String body, SendResult.Kind kind, long seconds)
            throws Exception {
        SendResult result = answered(name, status, body.replace('\'', '"'));
        assertThat(result.kind()).as(result.text()).isEqualTo(kind);
        assertThat(result.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(result.text()).isNotBlank();
    }

    @Test
    void aListedCodeMeansTheSameWithEveryStatus() throws Exception {
        for (Map.Entry<String, ServiceCodes> each : Map.of(
                        "wecom", ServiceCodes.WECOM,
                        "dingtalk", ServiceCodes.DINGTALK,
                        "feishu", ServiceCodes.FEISHU)
                .entrySet()) {
            String code = each.getKey().equals("feishu") ? "code" : "errcode";
            assertThat(each.getValue().listed().values().stream().map(ServiceCodes.Meaning::kind))
                    .as(each.getKey())
                    .contains(LIMITED, BROKEN, REFUSED, FAILED)
                    .doesNotContain(SENT);
            for (Map.Entry<Long, ServiceCodes.Meaning> row :
                    each.getValue().listed().entrySet()) {
                for (int status : new int[] {200, 400, 403, 500}) {
                    SendResult result = answered(each.getKey(), status, "{\"" + code + "\":" + row.getKey() + "}");
                    assertThat(result.kind())
                            .as(each.getKey() + " " + row.getKey() + " with " + status)
                            .isEqualTo(row.getValue().kind());
                    assertThat(result.text()).contains(row.getKey().toString());
                }
            }
        }
    }

    @Test
    void aLongerTimeThatTheServiceAsksForCounts() throws Exception {
        Channel channel = channel("feishu");
        service.next("400|Retry-After=300|{\"code\":11232,\"msg\":\"frequency limited\"}");
        SendResult result =
                channel.sender().send(Fixture.message(channel, Fixture.notice(Event.FAILED, "shop", 1)), new byte[0]);
        assertThat(result.kind()).isEqualTo(LIMITED);
        assertThat(result.retryAfter()).isEqualTo(Duration.ofSeconds(300));
    }
}
