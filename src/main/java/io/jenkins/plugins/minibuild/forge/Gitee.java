package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.http.Http;
import java.util.Map;

/** Gitee, REST API v5. */
final class Gitee extends Forge {
    Gitee(Http http, String server) {
        super(http, server + "/api/v5");
    }

    @Override
    public String name() {
        return "Gitee";
    }

    @Override
    String scope() {
        return "projects";
    }

    @Override
    String repositoryPath(String owner, String name) {
        return "/repos/" + PathSegment.encode(owner) + "/" + PathSegment.encode(name);
    }

    @Override
    Map<String, String> headers(@CheckForNull Secret token) {
        return token == null ? Map.of() : Map.of("Authorization", "token " + token.getPlainText());
    }

    @Override
    RepositoryInfo read(JsonNode json) {
        return new RepositoryInfo(
                text(json, "full_name"),
                textOrNull(json, "default_branch"),
                json.path("private").asBoolean());
    }

    @Override
    boolean lacksScope(Http.Response response) {
        return false;
    }
}
