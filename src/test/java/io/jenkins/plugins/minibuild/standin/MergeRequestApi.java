package io.jenkins.plugins.minibuild.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the stand-in that plays merge requests as the three services document them: gitee.com/api/v5/swagger (Pull Requests),
 * docs.github.com/rest/pulls and docs.gitlab.com/api/merge_requests. What was sent is kept, and can be merged or closed by the test.
 */
final class MergeRequestApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PULLS = Pattern.compile(
            "/api/(v[35])/repos/([^/]+)/([^/]+)/(pulls|issues)(?:/(\\d+)(?:/(labels|assignees|requested_reviewers))?)?");
    private static final Pattern NOTES = Pattern.compile(
            "/api/v3/repos/([^/]+/[^/]+)/issues/(\\d+)/comments|/api/v4/projects/([^/]+)/merge_requests/(\\d+)/notes");
    private static final Pattern MERGE_REQUESTS =
            Pattern.compile("/api/v4/projects/([^/]+)/merge_requests(?:/(\\d+))?");

    private static final Pattern COMMENTS =
            Pattern.compile("/api/v5/repos/([^/]+)/([^/]+)/pulls/(?:(\\d+)/(comments|files)|comments/(\\d+))");

    /** An answer; the header is {@code Link}'s or {@code X-Next-Page}'s value, null for none. */
    record Answer(int status, JsonNode body, String header, String value) {
        static Answer of(int status, JsonNode body) {
            return new Answer(status, body, null, null);
        }

        static Answer message(int status, String message) {
            return of(status, JSON.createObjectNode().put("message", message));
        }
    }

    /** Looks up a branch of a repository: its commit, or null. */
    interface Branches {
        String commit(String repository, String branch);
    }

    private final Branches branches;
    private final String url;
    private final Map<String, List<ObjectNode>> requests = new HashMap<>();

    MergeRequestApi(Branches branches, String url) {
        this.branches = branches;
        this.url = url;
    }

    /** The kept ones of a repository, as they were opened and changed: title, body, source, target, state, draft, prune, labels, reviewers. */
    synchronized List<JsonNode> of(String repository) {
        return requests.getOrDefault(repository, List.of()).stream()
                .map(each -> (JsonNode) each.deepCopy())
                .toList();
    }

    synchronized void setState(String repository, int number, String state) {
        requests.get(repository).get(number - 1).put("state", state);
    }

    private final Map<String, List<ObjectNode>> comments = new HashMap<>();

    /** Comments of a repository's merge requests as they were sent, changed ones as they are now. */
    synchronized List<JsonNode> commentsOf(String repository) {
        return comments.getOrDefault(repository, List.of()).stream()
                .map(each -> (JsonNode) each.deepCopy())
                .toList();
    }

    /** Gitee's, of all merge requests of a repository together. */
    private Answer comments(String method, Matcher path, JsonNode sent) {
        List<ObjectNode> all = comments.computeIfAbsent(
                decoded(path.group(1)) + "/" + decoded(path.group(2)), name -> new ArrayList<>());
        if ("files".equals(path.group(4))) {
            ArrayNode files = JSON.createArrayNode();
            files.addObject()
                    .put("filename", "src/app.js")
                    .putObject("patch")
                    .put("diff", "@@ -1,2 +1,3 @@\n const a = 1;\n+const b = eval(input);\n");
            return Answer.of(200, files);
        }
        if (method.equals("PATCH")) {
            ObjectNode one = all.get(Integer.parseInt(path.group(5)) - 1);
            one.set("body", sent.get("body"));
            return Answer.of(200, one);
        }
        if (method.equals("POST")) {
            ObjectNode one = sent.deepCopy();
            one.put("id", all.size() + 1).putObject("user").put("id", 1);
            all.add(one);
            return Answer.of(201, one);
        }
        ArrayNode list = JSON.createArrayNode();
        all.forEach(list::add);
        return Answer.of(200, list);
    }

    /** Answers null for a path that is none of merge requests. */
    synchronized Answer answer(String method, String path, String query, byte[] body) throws java.io.IOException {
        Map<String, String> parameters = parameters(query);
        JsonNode json = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        Matcher remarks = COMMENTS.matcher(path);
        if (remarks.matches()) {
            return comments(method, remarks, json);
        }
        Matcher notes = NOTES.matcher(path);
        if (notes.matches() && method.equals("POST")) {
            String repository = decoded(notes.group(1) == null ? notes.group(3) : notes.group(1));
            comments.computeIfAbsent(repository, name -> new ArrayList<>()).add(json.deepCopy());
            return Answer.of(201, json);
        }
        Matcher pulls = PULLS.matcher(path);
        if (pulls.matches()) {
            String repository = decoded(pulls.group(2)) + "/" + decoded(pulls.group(3));
            boolean gitee = pulls.group(1).equals("v5");
            return pulls.group(5) == null
                    ? collection(method, repository, gitee ? "gitee" : "github", parameters, json)
                    : one(
                            method,
                            repository,
                            gitee ? "gitee" : "github",
                            Integer.parseInt(pulls.group(5)),
                            pulls.group(6),
                            json);
        }
        Matcher merges = MERGE_REQUESTS.matcher(path);
        if (merges.matches()) {
            String repository = decoded(merges.group(1));
            return merges.group(2) == null
                    ? collection(method, repository, "gitlab", parameters, json)
                    : one(method, repository, "gitlab", Integer.parseInt(merges.group(2)), null, json);
        }
        return null;
    }

    private Answer collection(
            String method, String repository, String service, Map<String, String> parameters, JsonNode json) {
        List<ObjectNode> all = requests.computeIfAbsent(repository, name -> new ArrayList<>());
        if (method.equals("POST")) {
            return open(repository, service, json, all);
        }
        int size = Integer.parseInt(parameters.getOrDefault("per_page", "20"));
        int page = Integer.parseInt(parameters.getOrDefault("page", "1"));
        String source = parameters.getOrDefault(service.equals("gitlab") ? "source_branch" : "head", "");
        String branch = source.substring(source.indexOf(':') + 1);
        List<ObjectNode> found = all.stream()
                .filter(each -> each.path("state").asText().equals("open"))
                .filter(each -> branch.isEmpty() || each.path("source").asText().equals(branch))
                .toList();
        ArrayNode list = JSON.createArrayNode();
        found.stream()
                .skip((long) (page - 1) * size)
                .limit(size)
                .forEach(each -> list.add(shown(each, repository, service)));
        boolean more = found.size() > page * size;
        return service.equals("gitlab")
                ? new Answer(200, list, "X-Next-Page", more ? String.valueOf(page + 1) : "")
                : new Answer(
                        200,
                        list,
                        "Link",
                        more ? "<http://elsewhere.invalid/?page=2>; rel=\"next\"" : "<x>; rel=\"prev\"");
    }

    private Answer open(String repository, String service, JsonNode json, List<ObjectNode> all) {
        boolean gitlab = service.equals("gitlab");
        String source = json.path(gitlab ? "source_branch" : "head").asText();
        String target = json.path(gitlab ? "target_branch" : "base").asText();
        if (branches.commit(repository, source) == null || branches.commit(repository, target) == null) {
            return switch (service) {
                case "gitlab" ->
                    Answer.of(
                            400,
                            JSON.createObjectNode()
                                    .set("message", JSON.createArrayNode().add("Source branch does not exist")));
                default -> Answer.message(422, "Validation Failed: head or base is invalid");
            };
        }
        boolean there = all.stream()
                .anyMatch(each -> each.path("state").asText().equals("open")
                        && each.path("source").asText().equals(source)
                        && each.path("target").asText().equals(target));
        if (there) {
            return gitlab
                    ? Answer.of(
                            409,
                            JSON.createObjectNode()
                                    .set(
                                            "message",
                                            JSON.createArrayNode()
                                                    .add(
                                                            "Another open merge request already exists for this source branch: !1")))
                    : Answer.message(422, "A pull request already exists for " + source);
        }
        ObjectNode kept = JSON.createObjectNode()
                .put("number", all.size() + 1)
                .put("title", json.path("title").asText())
                .put("body", json.path(gitlab ? "description" : "body").asText())
                .put("source", source)
                .put("target", target)
                .put("state", "open")
                .put(
                        "draft",
                        gitlab
                                ? json.path("title").asText().startsWith("Draft: ")
                                : json.path("draft").asBoolean())
                .put(
                        "prune",
                        json.path(gitlab ? "remove_source_branch" : "prune_source_branch")
                                .asBoolean());
        kept.putArray("labels");
        kept.putArray("reviewers");
        all.add(kept);
        return Answer.of(201, shown(kept, repository, service));
    }

    private Answer one(String method, String repository, String service, int number, String part, JsonNode json) {
        List<ObjectNode> all = requests.getOrDefault(repository, List.of());
        if (number > all.size()) {
            return Answer.message(404, "404 Not found");
        }
        ObjectNode kept = all.get(number - 1);
        if (part != null) {
            JsonNode values = json.isArray() ? json : json.path(part.equals("labels") ? "labels" : "reviewers");
            ArrayNode list = (ArrayNode) kept.get(part.equals("labels") ? "labels" : "reviewers");
            values.forEach(value -> add(list, value.asText()));
            Arrays.stream(json.path("assignees").asText("").split(","))
                    .filter(name -> !name.isEmpty())
                    .forEach(name -> add(list, name));
            return Answer.of(201, shown(kept, repository, service));
        }
        if (!method.equals("GET")) {
            if (json.has("title")) {
                kept.set("title", json.get("title"));
            }
            String body = service.equals("gitlab") ? "description" : "body";
            if (json.has(body)) {
                kept.set("body", json.get(body));
            }
            if (json.has("draft") && service.equals("gitee")) {
                kept.set("draft", json.get("draft"));
            }
            if (service.equals("gitlab")) {
                kept.put("draft", kept.path("title").asText().startsWith("Draft: "));
                Arrays.stream(json.path("add_labels").asText("").split(","))
                        .filter(name -> !name.isEmpty())
                        .forEach(name -> add((ArrayNode) kept.get("labels"), name));
                if (json.has("reviewer_ids")) {
                    kept.set("reviewers", json.get("reviewer_ids"));
                }
                if (json.has("remove_source_branch")) {
                    kept.set("prune", json.get("remove_source_branch"));
                }
            }
        }
        return Answer.of(200, shown(kept, repository, service));
    }

    private static void add(ArrayNode list, String value) {
        for (JsonNode each : list) {
            if (each.asText().equals(value)) {
                return;
            }
        }
        list.add(value);
    }

    private ObjectNode shown(ObjectNode kept, String repository, String service) {
        String state = kept.path("state").asText();
        String commit = branches.commit(repository, kept.path("source").asText());
        ObjectNode shown = JSON.createObjectNode();
        shown.set("title", kept.get("title"));
        shown.set("draft", kept.get("draft"));
        if (service.equals("gitlab")) {
            shown.set("iid", kept.get("number"));
            shown.put("id", 9000 + kept.path("number").asInt());
            shown.set("description", kept.get("body"));
            shown.set("source_branch", kept.get("source"));
            shown.set("target_branch", kept.get("target"));
            shown.put("source_project_id", 7).put("target_project_id", 7);
            shown.put("sha", commit);
            shown.put("state", state.equals("open") ? "opened" : state);
            shown.put(
                    "web_url",
                    url + "/" + repository + "/-/merge_requests/"
                            + kept.path("number").asInt());
            ArrayNode reviewers = shown.putArray("reviewers");
            kept.path("reviewers").forEach(id -> reviewers.addObject().put("id", id.asInt()));
            return shown;
        }
        shown.set("number", kept.get("number"));
        shown.set("body", kept.get("body"));
        boolean merged = state.equals("merged");
        shown.put("state", merged && service.equals("github") ? "closed" : state);
        shown.put("merged_at", merged ? "2026-11-22T10:00:00+08:00" : null);
        shown.put(
                "html_url",
                url + "/" + repository + "/pull/" + kept.path("number").asInt());
        shown.putObject("head")
                .put("ref", kept.path("source").asText())
                .put("sha", commit)
                .putObject("repo")
                .put("full_name", repository);
        shown.putObject("base").put("ref", kept.path("target").asText());
        return shown;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String each : query == null ? new String[0] : query.split("&")) {
            String[] parts = each.split("=", 2);
            parameters.put(parts[0], parts.length < 2 ? "" : decoded(parts[1]));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
