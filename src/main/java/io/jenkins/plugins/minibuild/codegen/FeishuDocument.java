package io.jenkins.plugins.minibuild.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.process.Retry;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a document of Feishu (or Lark, its name outside China) as plain text, as an app of the team's own that was given access to it.
 *
 * @see <a href="https://open.feishu.cn/document/server-docs/docs/docs/docx-v1/document/raw_content">raw content</a>
 * @see <a href="https://open.feishu.cn/document/server-docs/docs/wiki-v2/space-node/get_node">node of a wiki</a>
 */
public final class FeishuDocument {
    private static final Pattern LINK = Pattern.compile(
            "https://(?:[a-z0-9-]+\\.)*(feishu\\.cn|larksuite\\.com|larkoffice\\.com)/(docx|wiki|[a-z]+)/([A-Za-z0-9]{10,64})(?:[/?#].*)?");
    private static final int LIMITED = 99991400;

    private final String kind;
    private final String token;
    private final URI service;

    private FeishuDocument(String kind, String token, URI service) {
        this.kind = kind;
        this.token = token;
        this.service = service;
    }

    /**
     * A document by the address people open it at.
     *
     * @throws IllegalArgumentException with a message for users, if it is none
     */
    public static FeishuDocument at(String link) {
        Matcher matcher = LINK.matcher(link.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(Messages.FeishuDocument_Link());
        }
        if (!matcher.group(2).equals("docx") && !matcher.group(2).equals("wiki")) {
            throw new IllegalArgumentException(Messages.FeishuDocument_Kind(matcher.group(2)));
        }
        String host = matcher.group(1).equals("larksuite.com") ? "open.larksuite.com" : "open.feishu.cn";
        return new FeishuDocument(matcher.group(2), matcher.group(3), URI.create("https://" + host));
    }

    /** The same with its service at another address. */
    public FeishuDocument servedBy(URI other) {
        return new FeishuDocument(kind, token, other);
    }

    /**
     * Its text.
     *
     * @param appId of the app; {@code cli_...}
     * @param appSecret masked from now on, as is the token it is exchanged for
     * @throws AbortException with a message for users
     */
    public String read(Http http, String appId, String appSecret, Redactor redactor, RandomGenerator random)
            throws IOException, InterruptedException {
        redactor.add(appSecret);
        JsonNode login = call(
                http,
                random,
                "/open-apis/auth/v3/tenant_access_token/internal",
                null,
                Json.MAPPER.createObjectNode().put("app_id", appId).put("app_secret", appSecret));
        String access = login.path("tenant_access_token").asText();
        redactor.add(access);
        String document = token;
        if (kind.equals("wiki")) {
            JsonNode node = call(http, random, "/open-apis/wiki/v2/spaces/get_node?token=" + token, access, null)
                    .path("data")
                    .path("node");
            String type = node.path("obj_type").asText();
            if (!type.equals("docx")) {
                throw new AbortException(Messages.FeishuDocument_Kind(type));
            }
            document = node.path("obj_token").asText();
            if (!document.matches("[A-Za-z0-9]{10,64}")) {
                throw new AbortException(Messages.FeishuDocument_Answer("obj_token"));
            }
        }
        JsonNode content = call(http, random, "/open-apis/docx/v1/documents/" + document + "/raw_content", access, null)
                .path("data")
                .path("content");
        if (!content.isTextual()) {
            throw new AbortException(Messages.FeishuDocument_Answer("content"));
        }
        return content.asText();
    }

    private JsonNode call(
            Http http, RandomGenerator random, String path, @CheckForNull String access, @CheckForNull JsonNode body)
            throws IOException, InterruptedException {
        Map<String, String> headers = access == null ? Map.of() : Map.of("Authorization", "Bearer " + access);
        URI uri = service.resolve(path);
        return Retry.times(3, random)
                // What a user can mend, trying again does not.
                .when(failure -> !(failure instanceof AbortException))
                .call(attempt -> {
                    Http.Response response =
                            body == null ? http.get(uri, headers) : http.send("POST", uri, headers, body);
                    return checked(response);
                });
    }

    private JsonNode checked(Http.Response response) throws IOException {
        if (response.status() >= 500 || response.status() == 429) {
            throw new IOException(Messages.FeishuDocument_Down(String.valueOf(response.status())));
        }
        JsonNode answer;
        try {
            answer = response.json();
        } catch (IOException e) {
            throw new IOException(Messages.FeishuDocument_Down(String.valueOf(response.status())), e);
        }
        int code = answer.path("code").asInt(-1);
        if (code == LIMITED) {
            throw new IOException(Messages.FeishuDocument_Down("99991400"));
        }
        if (code != 0 || response.status() != 200) {
            throw new AbortException(remedy(code, answer.path("msg").asText("")));
        }
        return answer;
    }

    private static String remedy(int code, String said) {
        String shown = VisibleText.of(said).text().replaceAll("\\s+", " ").strip();
        String message = shown.length() > 300 ? shown.substring(0, 300) + "…" : shown;
        String number = String.valueOf(code);
        return switch (code) {
            case 10003, 10012, 10014 -> Messages.FeishuDocument_Login(number, message);
            case 99991672, 99991679 -> Messages.FeishuDocument_Scope(number, message);
            case 1770032, 131006 -> Messages.FeishuDocument_Forbidden(number, message);
            case 1770002, 1770003, 131005 -> Messages.FeishuDocument_NotFound(number, message);
            default -> Messages.FeishuDocument_Refused(number, message);
        };
    }
}
