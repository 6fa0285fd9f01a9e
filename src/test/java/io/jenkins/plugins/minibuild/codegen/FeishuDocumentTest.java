package io.jenkins.plugins.minibuild.codegen;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the documented answers of the open platform. */
class FeishuDocumentTest {
    private static final String LOGIN = "/open-apis/auth/v3/tenant_access_token/internal";
    private static final String TEXT = "/open-apis/docx/v1/documents/doxcnAbcdef0123456789/raw_content";

    @RegisterExtension
    static final WireMockExtension FEISHU = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private final Redactor redactor = new Redactor();

    @BeforeEach
    void login() {
        FEISHU.stubFor(
                post(LOGIN)
                        .withRequestBody(equalToJson("{\"app_id\":\"cli_a1\",\"app_secret\":\"app-secret-1\"}"))
                        .willReturn(
                                okJson(
                                        "{\"code\":0,\"msg\":\"ok\",\"tenant_access_token\":\"t-caecc734c2e3328a62489fe0648c4b98779515d3\",\"expire\":7140}")));
        FEISHU.stubFor(get(TEXT)
                .withHeader("Authorization", equalTo("Bearer t-caecc734c2e3328a62489fe0648c4b98779515d3"))
                .willReturn(okJson("{\"code\":0,\"msg\":\"success\",\"data\":{\"content\":\"登录页\\nBy phone.\\n\"}}")));
    }

    private String read(String link) throws Exception {
        return FeishuDocument.at(link)
                .servedBy(URI.create(FEISHU.baseUrl()))
                .read(Http.over(HttpClient.newBuilder()), "cli_a1", "app-secret-1", redactor, new Random(1));
    }

    @Test
    void aDocumentIsReadAsText() throws Exception {
        assertThat(read("https://team.feishu.cn/docx/doxcnAbcdef0123456789?from=chat#part"))
                .isEqualTo("登录页\nBy phone.\n");
        assertThat(redactor.redact("app-secret-1 t-caecc734c2e3328a62489fe0648c4b98779515d3"))
                .isEqualTo("**** ****");
    }

    @Test
    void aDocumentOfAWikiIsFoundByItsNode() throws Exception {
        FEISHU.stubFor(
                get("/open-apis/wiki/v2/spaces/get_node?token=wikcnKQ1k3p0123456")
                        .willReturn(
                                okJson(
                                        "{\"code\":0,\"msg\":\"success\",\"data\":{\"node\":{\"obj_type\":\"docx\",\"obj_token\":\"doxcnAbcdef0123456789\"}}}")));
        assertThat(read("https://team.feishu.cn/wiki/wikcnKQ1k3p0123456")).contains("By phone.");
    }

    @Test
    void aTableInAWikiIsNoDocument() {
        FEISHU.stubFor(get("/open-apis/wiki/v2/spaces/get_node?token=wikcnKQ1k3p0123456")
                .willReturn(okJson("{\"code\":0,\"data\":{\"node\":{\"obj_type\":\"sheet\",\"obj_token\":\"x\"}}}")));
        assertThatThrownBy(() -> read("https://team.feishu.cn/wiki/wikcnKQ1k3p0123456"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("'sheet'");
    }

    @Test
    void aNodeCannotLeadToAnotherAddress() {
        FEISHU.stubFor(get("/open-apis/wiki/v2/spaces/get_node?token=wikcnKQ1k3p0123456")
                .willReturn(
                        okJson("{\"code\":0,\"data\":{\"node\":{\"obj_type\":\"docx\",\"obj_token\":\"../../x\"}}}")));
        assertThatThrownBy(() -> read("https://team.feishu.cn/wiki/wikcnKQ1k3p0123456"))
                .hasMessageContaining("obj_token");
    }

    @Test
    void aServiceThatIsDownForAMomentIsAskedAgain() throws Exception {
        FEISHU.stubFor(get(TEXT)
                .inScenario("down")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(502).withBody("<html>"))
                .willSetStateTo("up"));
        FEISHU.stubFor(get(TEXT)
                .inScenario("down")
                .whenScenarioStateIs("up")
                .willReturn(okJson("{\"code\":0,\"data\":{\"content\":\"x\"}}")));
        assertThat(read("https://team.larkoffice.com/docx/doxcnAbcdef0123456789"))
                .isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({
        "1770032,add document app",
        "1770002,Correct the link",
        "99991672,docx:document:readonly",
        "10014,App Secret",
        "4711,refused"
    })
    void everyRefusalSaysWhatToDo(int code, String words) {
        FEISHU.stubFor(get(TEXT)
                .willReturn(aResponse()
                        .withStatus(code == 4711 ? 200 : 400)
                        .withBody("{\"code\":" + code + ",\"msg\":\"forBidden\\u202e\\n[INFO] ok\"}")));
        assertThatThrownBy(() -> read("https://team.feishu.cn/docx/doxcnAbcdef0123456789"))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll(String.valueOf(code), "forBidden [INFO] ok", words)
                .hasMessageNotContaining("app-secret-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://team.feishu.cn/docx/doxcnAbcdef0123456789",
                "https://team.feishu.cn.evil.example/docx/doxcnAbcdef0123456789",
                "https://evil.example/feishu.cn/docx/doxcnAbcdef0123456789",
                "https://user@feishu.cn/docx/doxcnAbcdef0123456789",
                "https://team.feishu.cn/docx/../../auth",
                "https://team.feishu.cn/sheets/doxcnAbcdef0123456789",
                ""
            })
    void onlyDocumentsOfFeishuAreAskedFor(String link) {
        assertThatThrownBy(() -> FeishuDocument.at(link)).isInstanceOf(IllegalArgumentException.class);
    }
}
