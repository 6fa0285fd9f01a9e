package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jenkins.plugins.minibuild.process.Redactor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretScannerTest {
    private static final String RANDOM = "q7Zp2Xk9Lw4Vt8Rb3Nc6Hd1Jf5Gs0Ya";

    private final Redactor known = new Redactor();
    private final SecretScanner scanner = new SecretScanner(known);

    /** Put together here, so that no scanner takes this file for a leak. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-----BEGIN RSA PRIV~ATE KEY-----|private key",
                "const k = 'sk-~ant-api03-%R';|Anthropic key",
                "OPENAI: sk-~proj-%R%R|OpenAI key",
                "git clone https://gh~p_%R0123456789@github.com/a/b|GitHub token",
                "token: gl~pat-%R|GitLab token",
                "aws AKIA~ABCDEFGHIJKLMNOP|AWS access key",
                "LT~AI5tABCDEFGHIJKLMN|Alibaba Cloud access key",
                "AK~IDabcdefghijklmnopqrstuvwxyz012345|Tencent Cloud secret id",
                "AI~za0123456789abcdefghijklmnopqrstuvwxy|Google API key",
                "xo~xb-123456789012-abcdef|Slack token",
                "//registry/:_authToken=np~m_abcdefghijklmnopqrstuvwxyz0123456789|npm token",
                "Bearer ey~JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz|JSON Web Token",
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=~0f8b1c2d-1111-2222-3333-444455556666|robot's address",
                "https://bot:hunter2~hunter2@gitee.com/a/b.git|password in an address",
                "appSecret: '%R'|value that looks like a password or key",
                "DB_PASSWORD=%R|value that looks like a password or key",
            })
    void findsSecretsByTheirForm(String line, String kind) {
        String text = line.replace("~", "").replace("%R", RANDOM);
        assertThat(scanner.find(text)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const password = form.password;",
                "password: process.env.DB_PASSWORD_FOR_TESTS",
                "secret = getSecretFromTheKeychain()",
                "token: 'please-enter-your-token-here'",
                "\"integrity\": \"sha512-q7Zp2Xk9Lw4Vt8Rb3Nc6Hd1Jf5Gs0YaQ==\"",
                "https://gitee.com/a/b.git",
                "https://$USER:$PASSWORD@gitee.com/a/b.git",
                "appid: 'wx0123456789abcdef'",
                "-----BEGIN PUBLIC KEY-----",
                "commit 0f8b1c2d0f8b1c2d0f8b1c2d0f8b1c2d0f8b1c2d",
                ""
            })
    void leavesWhatIsNoneAlone(String line) {
        assertThat(scanner.find(line)).isNull();
    }

    @Test
    void knowsTheSecretsOfTheBuildInEveryEncoding() {
        known.add("correct horse battery");
        assertThat(scanner.find("x correct horse battery y")).isEqualTo("secret of this build");
        assertThat(scanner.find("x correct+horse+battery y")).isEqualTo("secret of this build");
        String encoded =
                Base64.getEncoder().encodeToString("ab correct horse battery".getBytes(StandardCharsets.UTF_8));
        assertThat(scanner.find(encoded)).isEqualTo("secret of this build");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "secret", "password=", "eyJ", "://a", "token-_", "sk-", "api_key\" = \""})
    void isFastOnTheWorstOfLines(String piece) {
        String line = piece.repeat(1_000_000 / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> scanner.find(line));
    }
}
