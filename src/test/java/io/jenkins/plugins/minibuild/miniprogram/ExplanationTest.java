package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.localizer.LocaleProvider;

/** Every row of "What goes wrong for its users", and that nothing an agent sends breaks the explanation. */
class ExplanationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Explanation explanation = new Explanation(
            new MiniProgram("wx0123456789abcdef", ProjectType.MINI_PROGRAM, "shop"),
            "the-key",
            "shop/dist",
            "a.js, b/");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "20003 | -10008 | invalid ip: 198.51.100.7, reference: x | 198.51.100.7 | IP allowlist of wx0123456789abcdef",
                "20003 | 0 | Error: invalid ip: 2001:db8::7 | 2001:db8::7 | prefer IPv4",
                "20003 | -10008 | not allowed | address ? | IP allowlist",
                "20002 | 0 | generate local signature fail | \"the-key\" | upload key of wx0123456789abcdef",
                "20003 | -10006 | invalid signature | \"the-key\" | upload key of wx0123456789abcdef",
                "20003 | 80200 | code size | 2 MB for the main package | subpackages",
                "20003 | 0 | source size 2345KB exceed max limit 2MB | 2 MB for the main package | 20 MB in all",
                "20003 | 800059 | app.json not found | app.json was not found in shop/dist | a.js, b/",
                "10005 | 0 | app.json: in the directory app.json is not found | shop/dist | miniprogramRoot",
                "10009 | 0 | app.json: [\"tabBar\"][\"list\"][0][\"iconPath\"]: \"img/a.png\" not found | app.json names \"img/a.png\" | Add the file",
                "10009 | 0 | app.json: \"theme.json\" file not found, or the file read failed | app.json names \"theme.json\" | no such file",
                "10005 | 0 | app.json: [\"pages\"][1] could not find the corresponding file: \"pages/x.wxml\" | names \"pages/x.wxml\" | buildCommand",
                "10009 | 0 | app.json: [\"usingComponents\"][\"tea\"]: \"/c/tea\", component not found in the path: /w/c/tea | component \"tea\" | \"/c/tea\"",
                "10009 | 0 | game.json: [\"loadingImageInfo\"][\"path\"]: \"a.png\" not found | game.json names \"a.png\" | Add the file",
                "10005 | 0 | app.json: app.json is not found in the project root directory | app.json was not found in shop/dist | miniprogramRoot",
                "20003 | 80082 | no permission to use the plugin | may not use a plugin | plugins in app.json",
                "20003 | 40013 | invalid appid | does not know the AppID wx0123456789abcdef | mp.weixin.qq.com",
                "10009 | 0 | x.json: [\"usingComponents\"][\"tea\"]: \"/c/tea\", component not found | \"tea\" | \"/c/tea\"",
                "20003 | -80057 | not transpiled | shop/dist | buildCommand",
                "20001 | 0 | getaddrinfo ENOTFOUND servicewechat.com | servicewechat.com | without a proxy",
                "20001 | 0 | self-signed certificate in certificate chain | not trusted | NODE_EXTRA_CA_CERTS",
                "20003 | -1 | system error | WeChat refused: system error (-1) | refused",
                "10034 | 0 | pages/a.js: Unexpected identifier | does not compile | pages/a.js",
                "ENOSPC | 0 | write failed | disk of the agent is full | Free some space",
                "x | 0 | something new | miniprogram-ci failed: something new (x) | failed"
            })
    void saysCauseAndRemedy(String code, int serviceCode, String message, String cause, String remedy)
            throws Exception {
        DriverFailure failure = failure(code, serviceCode, message);

        assertThat(explanation.of(failure)).contains(cause).contains(remedy);

        LocaleProvider before = LocaleProvider.getProvider();
        LocaleProvider.setProvider(new LocaleProvider() {
            @Override
            public Locale get() {
                return Locale.SIMPLIFIED_CHINESE;
            }
        });
        try {
            assertThat(explanation.of(failure)).containsPattern("[\\u4e00-\\u9fff]{2}");
        } finally {
            LocaleProvider.setProvider(before);
        }
    }

    @Property(tries = 300)
    void neverThrowsAndNeverShowsControlCharacters(
            @ForAll String code, @ForAll int serviceCode, @ForAll String message, @ForAll boolean stack)
            throws Exception {
        String said = explanation.of(
                failure(code, serviceCode, stack ? message + "\n    at Object.<anonymous> (x.js:1)" : message));

        assertThat(said).isNotBlank().doesNotContain("Object.<anonymous>").doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
    }

    private static DriverFailure failure(String code, int serviceCode, String message) throws Exception {
        ObjectNode event = JSON.createObjectNode()
                .put("code", code)
                .put("message", message)
                .put("phase", "compile");
        if (serviceCode != 0) {
            event.put("errCode", serviceCode).put("errMsg", message).put("phase", "upload");
        }
        return new DriverFailure(JSON.readTree(JSON.writeValueAsString(event)), ProjectType.MINI_PROGRAM);
    }
}
