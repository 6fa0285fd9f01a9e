package io.jenkins.plugins.minibuild.forge;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem.Kind;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.process.Retry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of a service's REST API with one token: it waits out limits of the rate, repeats requests that may be repeated, reads all pages of a list,
 * and turns every refusal into a sentence. Only the service's own address is ever called, whatever an answer says.
 */
final class ForgeCalls {
    /** More pages than any repository needs; a service that offers more is broken. */
    private static final int MOST_PAGES = 50;

    static final int PAGE = 100;
    private static final int ATTEMPTS = 3;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int MOST_WORDS = 300;

    private final Forge forge;
    private final Http http;
    private final String api;
    private final String repository;
    private final ForgeSession session;

    /** @param repository owner and name, for messages */
    ForgeCalls(Forge forge, Http http, String api, String repository, ForgeSession session) {
        this.forge = forge;
        this.http = http;
        this.api = api;
        this.repository = repository;
        this.session = session;
    }

    /** Gets one thing. */
    JsonNode get(String path) throws IOException, InterruptedException {
        return json(exchange("GET", path, null));
    }

    /**
     * Gets all pages of a list.
     *
     * @param path with its query; the page is added
     */
    List<JsonNode> list(String path) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            String separator = path.contains("?") ? "&" : "?";
            Http.Response response = exchange("GET", path + separator + "per_page=" + PAGE + "&page=" + page, null);
            JsonNode items = json(response);
            if (!items.isArray()) {
                throw new IOException(Messages.Forge_Unreadable(forge.name()));
            }
            items.forEach(all::add);
            if (items.isEmpty() || !hasNext(response, page, items.size())) {
                return all;
            }
        }
        throw new IOException(Messages.Forge_TooManyPages(forge.name(), String.valueOf(MOST_PAGES * PAGE)));
    }

    /**
     * Whether there is another page. GitLab says it in {@code X-Next-Page}, Gitee in {@code total_page}, GitHub in {@code Link}; some installations say
     * nothing, and then a full page may have a next one. The address in {@code Link} is not used.
     */
    private static boolean hasNext(Http.Response response, int page, int items) {
        String next = response.header("x-next-page");
        if (next != null) {
            return !next.isBlank();
        }
        Long pages = number(response.header("total_page"));
        if (pages != null) {
            return page < pages;
        }
        String link = response.header("link");
        return link == null ? items >= PAGE : link.contains("rel=\"next\"");
    }

    /** Sends JSON. PUT, PATCH and DELETE are repeated when the service is down for a moment; POST is not, because the service might act on both. */
    JsonNode send(String method, String path, JsonNode body) throws IOException, InterruptedException {
        return json(exchange(method, path, body));
    }

    private Http.Response exchange(String method, String path, @CheckForNull JsonNode body)
            throws IOException, InterruptedException {
        Http.Response response = Retry.times(method.equals("POST") ? 1 : ATTEMPTS, session.random())
                .sleepingBy(session.sleeper())
                .when(failure -> !(failure instanceof MergeRequestProblem))
                .call(attempt -> once(method, path, body));
        if (response.status() / 100 != 2) {
            throw problem(response);
        }
        return response;
    }

    /** One call, waiting where the rate is limited. */
    private Http.Response once(String method, String path, @CheckForNull JsonNode body)
            throws IOException, InterruptedException {
        Duration waited = Duration.ZERO;
        while (true) {
            Http.Response response;
            try {
                URI uri = URI.create(api + path);
                response = body == null
                        ? http.get(uri, forge.headers(session.token()))
                        : http.send(method, uri, forge.headers(session.token()), body);
            } catch (IOException e) {
                throw new IOException(Messages.Forge_NoAnswer(forge.name(), e.getMessage()), e);
            }
            if (Forge.rateLimited(response)) {
                Duration wait = wait(response);
                waited = waited.plus(wait);
                if (waited.compareTo(LONGEST_WAIT) > 0) {
                    throw new MergeRequestProblem(
                            Kind.RATE_LIMITED, Messages.Forge_RateLimitedFor(forge.name(), wait.toSeconds()));
                }
                session.sleeper().sleep(wait);
                continue;
            }
            if (response.status() >= 500) {
                throw new IOException(Messages.Forge_Down(forge.name(), String.valueOf(response.status())));
            }
            return response;
        }
    }

    /** How long the service asks to wait: {@code Retry-After} in seconds, or when its limit is set back; a few seconds if it does not say. */
    private Duration wait(Http.Response response) {
        Long after = number(response.header("retry-after"));
        if (after != null) {
            return Duration.ofSeconds(Math.max(1, after));
        }
        for (String header : List.of("x-ratelimit-reset", "ratelimit-reset")) {
            Long reset = number(response.header(header));
            if (reset != null) {
                return Duration.ofSeconds(
                        Math.max(1, reset - session.clock().instant().getEpochSecond()));
            }
        }
        return Duration.ofSeconds(10);
    }

    @CheckForNull
    private static Long number(@CheckForNull String header) {
        return header != null && header.strip().matches("[0-9]{1,15}") ? Long.valueOf(header.strip()) : null;
    }

    private MergeRequestProblem problem(Http.Response response) {
        int status = response.status();
        String said = words(response);
        String detail = said.isEmpty() ? String.valueOf(status) : status + ": " + said;
        return switch (status) {
            case 401 -> new MergeRequestProblem(Kind.TOKEN_REFUSED, Messages.Forge_Refused401(forge.name(), detail));
            case 403 ->
                new MergeRequestProblem(
                        Kind.FORBIDDEN,
                        Messages.Forge_Refused403(forge.name(), repository, detail, forge.mergeRequestScope()));
            case 404, 410 ->
                new MergeRequestProblem(
                        Kind.NOT_FOUND,
                        Messages.Forge_Refused404(forge.name(), repository, detail, forge.mergeRequestScope()));
            case 405, 409 ->
                new MergeRequestProblem(Kind.CONFLICT, Messages.Forge_Refused409(forge.name(), repository, detail));
            default ->
                status / 100 == 3
                        ? new MergeRequestProblem(Kind.MOVED, Messages.Forge_Refused3xx(forge.name(), repository))
                        : new MergeRequestProblem(
                                Kind.REFUSED, Messages.Forge_Refused422(forge.name(), repository, detail));
        };
    }

    /** The service's own words, shortened; none when they repeat the token. */
    private String words(Http.Response response) {
        StringBuilder text = new StringBuilder();
        try {
            JsonNode json = response.json();
            for (String field : List.of("message", "error", "error_description", "messages", "errors")) {
                collect(json.path(field), text);
            }
        } catch (IOException e) {
            return "";
        }
        String words = text.toString().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (words.contains(session.token().getPlainText())) {
            return "";
        }
        return words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + "…" : words;
    }

    private static void collect(JsonNode node, StringBuilder text) {
        if (text.length() > MOST_WORDS * 2) {
            return;
        }
        if (node.isTextual()) {
            text.append(text.isEmpty() ? "" : ", ").append(node.asText());
        } else {
            node.forEach(each -> collect(each, text));
        }
    }

    private JsonNode json(Http.Response response) throws IOException {
        try {
            return response.json();
        } catch (IOException e) {
            throw new IOException(Messages.Forge_Unreadable(forge.name()), e);
        }
    }
}
