package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.forge.RepositoryProblem.Kind;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The REST API of one service that hosts repositories. Safe for use by several threads. */
public abstract class Forge {
    private final Http http;
    private final String api;

    /** @param api the API's address without a slash at its end */
    Forge(Http http, String api) {
        this.http = http;
        this.api = api;
    }

    /** The service's name as users know it. */
    public abstract String name();

    /** The right that a token needs to read repositories, as the service calls it. */
    abstract String scope();

    /** The path of a repository below the API's address. */
    String repositoryPath(String owner, String name) {
        return "/repos/" + PathSegment.encode(owner) + "/" + PathSegment.encode(name);
    }

    /** The headers of a call. */
    abstract Map<String, String> headers(@CheckForNull Secret token);

    /** Reads the service's description of a repository. */
    RepositoryInfo read(JsonNode json) {
        return new RepositoryInfo(
                text(json, "full_name"),
                textOrNull(json, "default_branch"),
                json.path("private").asBoolean());
    }

    /** Whether an answer of 403 or 404 says that the token's rights are too small. */
    boolean lacksScope(Http.Response response) {
        return false;
    }

    /** Whether a token that may not use the API can still be enough for git. */
    boolean gitMayDoWithoutApi() {
        return false;
    }

    /**
     * Asks whether a repository exists and may be read.
     *
     * @param token null for none
     * @throws RepositoryProblem when it may not: the message says why and what to do
     * @throws UncheckedRepositoryException when the service does not say: the caller warns and goes on
     */
    public RepositoryInfo lookUp(String owner, String name, @CheckForNull Secret token)
            throws RepositoryProblem, UncheckedRepositoryException, InterruptedException {
        String fullName = owner + "/" + name;
        Http.Response response = get(repositoryPath(owner, name), token);
        if (rateLimited(response)) {
            throw new UncheckedRepositoryException(Messages.Forge_RateLimited(name()));
        }
        switch (response.status()) {
            case 200:
                return parse(response);
            case 401:
                throw new RepositoryProblem(Kind.TOKEN_REFUSED, tokenRefused(response, token));
            case 403:
                if (token == null) {
                    throw new RepositoryProblem(
                            Kind.UNKNOWN_REPOSITORY, Messages.Forge_UnknownOrPrivate(name(), fullName));
                }
                if (gitMayDoWithoutApi()) {
                    throw new UncheckedRepositoryException(Messages.Forge_ApiScopeMissing(name(), scope()));
                }
                throw scopeMissing(fullName);
            case 404:
                throw notFound(fullName, response, token);
            default:
                throw new UncheckedRepositoryException(
                        Messages.Forge_UnexpectedAnswer(name(), String.valueOf(response.status())));
        }
    }

    /**
     * The newest commit of a merge request.
     *
     * @param fork whether it is in another repository
     */
    public record Head(String commit, boolean fork) {}

    /**
     * Asks for the newest commit of a merge request.
     *
     * @param token null for none
     * @throws IOException when the service does not say
     */
    public Head head(String owner, String name, long number, @CheckForNull Secret token)
            throws IOException, InterruptedException {
        Http.Response response = get(mergeRequestPath(owner, name, number), token);
        if (response.status() != 200) {
            throw new IOException(Messages.Forge_UnexpectedAnswer(name(), String.valueOf(response.status())));
        }
        Head head = readHead(response.json());
        if (!head.commit().matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            throw new IOException(Messages.Forge_Unreadable(name()));
        }
        return head;
    }

    /** The path of one merge request below the API's address. */
    String mergeRequestPath(String owner, String name, long number) {
        return repositoryPath(owner, name) + "/pulls/" + number;
    }

    Head readHead(JsonNode request) {
        String source = request.at("/head/repo/full_name").asText("");
        String target = request.at("/base/repo/full_name").asText("");
        return new Head(request.at("/head/sha").asText(""), target.isEmpty() || !source.equalsIgnoreCase(target));
    }

    /**
     * Asks whether a person may write to a repository.
     *
     * @param who the login; on GitLab the number of the user
     * @param token null for none
     * @throws IOException when the service does not say
     */
    public boolean mayWrite(String owner, String name, String who, @CheckForNull Secret token)
            throws IOException, InterruptedException {
        Http.Response response = get(permissionPath(owner, name, who), token);
        if (response.status() == 404 && token != null) {
            return false;
        }
        if (response.status() != 200) {
            throw new IOException(Messages.Forge_UnexpectedAnswer(name(), String.valueOf(response.status())));
        }
        return mayWrite(response.json());
    }

    /** The path of a person's rights below the API's address. */
    String permissionPath(String owner, String name, String who) {
        return repositoryPath(owner, name) + "/collaborators/" + PathSegment.encode(who) + "/permission";
    }

    boolean mayWrite(JsonNode permission) {
        return List.of("admin", "write", "maintain", "push").contains(text(permission, "permission"));
    }

    /** The request that shows the state of a commit; {@code previous} as {@link #report} has it. */
    abstract StatusCall statusCall(String owner, String name, CommitStatus status, @CheckForNull String previous);

    /**
     * Shows the state of a build at a commit.
     *
     * @param previous what the call for the same build and commit returned before; null if there was none
     * @return what the next call for the same build and commit is given; null if the service needs nothing
     * @throws RefusedStatusException when the service refuses; a repetition would be refused, too
     * @throws IOException when it may work later
     */
    @CheckForNull
    public String report(String owner, String name, CommitStatus status, Secret token, @CheckForNull String previous)
            throws IOException, InterruptedException {
        StatusCall call = statusCall(owner, name, status, previous);
        Http.Response response = http.send(call.method(), URI.create(api + call.path()), headers(token), call.body());
        if (response.status() / 100 == 2) {
            JsonNode id = response.json().path("id");
            return id.isIntegralNumber() ? id.asText() : null;
        }
        String answer = String.valueOf(response.status());
        if (response.status() >= 500 || rateLimited(response)) {
            throw new IOException(Messages.Forge_UnexpectedAnswer(name(), answer));
        }
        throw new RefusedStatusException(
                Messages.Forge_StatusRefused(name(), owner + "/" + name, answer, statusScope()));
    }

    /** The body that most services take. */
    static ObjectNode statusBody(CommitStatus status, String state, String contextField) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("state", state);
        body.put("target_url", status.link());
        body.put("description", status.description());
        body.put(contextField, status.context());
        return body;
    }

    /** The right that a token needs to open merge requests. */
    abstract String mergeRequestScope();

    /** The service's merge requests of a repository. */
    abstract MergeRequests mergeRequests(ForgeCalls calls, String owner, String name);

    /** The merge requests of a repository. */
    public MergeRequests mergeRequests(String owner, String name, ForgeSession session) {
        return mergeRequests(new ForgeCalls(this, http, api, owner + "/" + name, session), owner, name);
    }

    /** The service's comments on merge requests of a repository. */
    abstract ReviewComments reviewComments(ForgeCalls calls, String owner, String name);

    /** The comments on merge requests of a repository. */
    public ReviewComments reviewComments(String owner, String name, ForgeSession session) {
        return reviewComments(new ForgeCalls(this, http, api, owner + "/" + name, session), owner, name);
    }

    /** The right that a token needs to show states. */
    abstract String statusScope();

    /** A request that shows a state. */
    record StatusCall(String method, String path, JsonNode body) {}

    private RepositoryProblem notFound(String fullName, Http.Response response, @CheckForNull Secret token)
            throws UncheckedRepositoryException, InterruptedException {
        if (token == null) {
            return new RepositoryProblem(Kind.UNKNOWN_REPOSITORY, Messages.Forge_UnknownOrPrivate(name(), fullName));
        }
        // Services answer 404 for what a token may not see, and some look at the token only where they must: ask who it
        // belongs to.
        Http.Response user = get("/user", token);
        if (user.status() == 401) {
            return new RepositoryProblem(Kind.TOKEN_REFUSED, tokenRefused(user, token));
        }
        if (lacksScope(response) || lacksScope(user)) {
            return scopeMissing(fullName);
        }
        return new RepositoryProblem(Kind.UNKNOWN_REPOSITORY, Messages.Forge_UnknownOrHidden(name(), fullName));
    }

    private RepositoryProblem scopeMissing(String fullName) {
        return new RepositoryProblem(Kind.SCOPE_MISSING, Messages.Forge_ScopeMissing(name(), fullName, scope()));
    }

    private String tokenRefused(Http.Response response, @CheckForNull Secret token) {
        if (token == null) {
            return Messages.Forge_LoginNeeded(name());
        }
        String said = said(response, token);
        return said.isEmpty() ? Messages.Forge_TokenRefused(name()) : Messages.Forge_TokenRefusedWith(name(), said);
    }

    /** The service's own words, when they are short and do not repeat the token. */
    private static String said(Http.Response response, Secret token) {
        try {
            JsonNode json = response.json();
            String text =
                    json.path("message").asText(json.path("error_description").asText(""));
            return text.length() > 200 || text.contains(token.getPlainText()) ? "" : text;
        } catch (IOException e) {
            return "";
        }
    }

    private RepositoryInfo parse(Http.Response response) throws UncheckedRepositoryException {
        try {
            return read(response.json());
        } catch (IOException e) {
            throw new UncheckedRepositoryException(Messages.Forge_NotJson(name()), e);
        }
    }

    private Http.Response get(String path, @CheckForNull Secret token)
            throws UncheckedRepositoryException, InterruptedException {
        try {
            return http.get(URI.create(api + path), headers(token));
        } catch (IOException e) {
            throw new UncheckedRepositoryException(Messages.Forge_Unreachable(name(), e.getMessage()), e);
        }
    }

    static boolean rateLimited(Http.Response response) {
        if (response.status() == 429) {
            return true;
        }
        return response.status() == 403
                && ("0".equals(response.header("x-ratelimit-remaining"))
                        || response.header("retry-after") != null
                        || response.text().toLowerCase(Locale.ROOT).contains("rate limit"));
    }

    static String text(JsonNode json, String field) {
        return json.path(field).asText("");
    }

    @CheckForNull
    static String textOrNull(JsonNode json, String field) {
        return json.path(field).isTextual() ? json.path(field).asText() : null;
    }
}
