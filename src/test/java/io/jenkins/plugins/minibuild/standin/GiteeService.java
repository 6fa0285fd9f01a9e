package io.jenkins.plugins.minibuild.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.minibuild.forge.KnownForge;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for Gitee: its REST API v5 as documented, and git over HTTP by the real {@code git http-backend}. Repositories are bare folders under its
 * root. It speaks the few words of GitHub's and GitLab's REST APIs that the plugin asks, too. On request it is slow, cuts transfers, fails or hangs.
 */
public final class GiteeService implements AutoCloseable {
    static {
        // Without it an answer in two writes waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern GIT_PATH =
            Pattern.compile("/([^/]+)/([^/]+?)(?:\\.git)?(/(?:info/refs|git-upload-pack|git-receive-pack))");
    private static final Pattern GITEE_PATH = Pattern.compile("/api/v[35]/repos/([^/]+)/([^/]+)");
    private static final Pattern GITLAB_PATH = Pattern.compile("/api/v4/projects/([^/]+)");
    private static final Pattern COMPARE_PATH =
            Pattern.compile("/api/v[35]/repos/([^/]+/[^/]+)/compare/([^/]+)\\.\\.\\.([^/]+)");
    private static final Pattern GITLAB_COMPARE_PATH =
            Pattern.compile("/api/v4/projects/([^/]+)/repository/(compare|merge_base)");
    private static final Pattern REFS = Pattern.compile("(?:from|refs\\[])=([^&]+)&(?:to|refs\\[])=([^&]+)");

    private static final Pattern BRANCH_PATH =
            Pattern.compile("/api/(?:v[35]/repos/([^/]+/[^/]+)|v4/projects/([^/]+)/repository)/branches/([^/]+)");

    /** A request that came in: its method, path with query, and the account that it named. */
    public record Request(String method, String path, String account) {}

    private record Token(String login, Set<String> scopes) {}

    private final Path root;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "Gitee stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Boolean> repositories = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> members = new ConcurrentHashMap<>();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong packBytes = new AtomicLong();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final MergeRequestApi mergeRequests;
    private final Map<String, Integer> accounts = new ConcurrentHashMap<>();
    private volatile long cutAfter;
    private volatile int failureStatus;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean hanging;
    private volatile boolean oldProtocol;
    private volatile List<String> alsoChanged = List.of();
    private volatile List<String> otherCommits;
    private volatile String otherBase;

    private GiteeService(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        mergeRequests = new MergeRequestApi(this::commitOf, url());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one whose repositories are kept under the root. */
    public static GiteeService start(Path root) throws IOException {
        return new GiteeService(root);
    }

    /** Its address, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Host and port as an address has them. */
    public String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** What an administrator would configure, so that the API is known. */
    public KnownForge known() {
        return KnownForge.of("stand-in", "gitee", "http://" + authority(), null, true);
    }

    /** The address that git clones. */
    public String gitUrl(String owner, String name) {
        return url() + "/" + owner + "/" + name + ".git";
    }

    /**
     * Makes an empty bare repository with the default branch {@code main}.
     *
     * @return its folder: push to it by its path
     */
    public Path createRepository(String owner, String name, boolean isPrivate)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(root.resolve(owner)).resolve(name + ".git");
        git(root, "init", "--quiet", "--bare", "--initial-branch=main", folder.toString());
        Files.writeString(
                folder.resolve("config"),
                "[http]\n\treceivepack = true\n[uploadpack]\n\tallowFilter = true\n",
                StandardOpenOption.APPEND);
        repositories.put(owner + "/" + name, isPrivate);
        members.put(owner + "/" + name, ConcurrentHashMap.newKeySet());
        members.get(owner + "/" + name).add(owner);
        return folder;
    }

    public GiteeService addMember(String owner, String name, String login) {
        members.get(owner + "/" + name).add(login);
        return this;
    }

    /** A token with scopes; {@code projects} is what reading repositories needs. */
    public GiteeService addToken(String token, String login, String... scopes) {
        tokens.put(token, new Token(login, Set.of(scopes)));
        return this;
    }

    public void revokeToken(String token) {
        tokens.remove(token);
    }

    /** Opens a merge request, as somebody does who has pushed a branch. */
    public void openMergeRequest(String owner, String name, String source, String target) throws IOException {
        mergeRequests.answer(
                "POST",
                "/api/v5/repos/" + owner + "/" + name + "/pulls",
                null,
                JSON.writeValueAsBytes(Map.of("title", source, "head", source, "base", target)));
    }

    /** The comments on a repository's merge requests, as they are now. */
    public List<JsonNode> comments(String owner, String name) {
        return mergeRequests.commentsOf(owner + "/" + name);
    }

    /** The merge requests of a repository as they were opened and changed: title, body, source, target, state, draft, prune, labels, reviewers. */
    public List<JsonNode> mergeRequests(String owner, String name) {
        return mergeRequests.of(owner + "/" + name);
    }

    /** Somebody merges ({@code merged}), closes ({@code closed}) or opens ({@code open}) one. */
    public void setState(String owner, String name, int number, String state) {
        mergeRequests.setState(owner + "/" + name, number, state);
    }

    /** An account with a number, as GitLab names reviewers. */
    public GiteeService addUser(String login, int id) {
        accounts.put(login, id);
        return this;
    }

    public GiteeService addAccount(String login, String password) {
        passwords.put(login, password);
        return this;
    }

    /** Ends the next transfers of packs in the middle. */
    public void cutTransfers(int times, long afterBytes) {
        cutAfter = afterBytes;
        cuts.set(times);
    }

    /** Answers the next requests with a status. */
    public void failRequests(int times, int status) {
        failureStatus = status;
        failures.set(times);
    }

    /** Waits before every answer. */
    public void delay(Duration before) {
        delay = before;
    }

    /** Takes requests and never answers, until switched off. */
    public void hang(boolean on) {
        hanging = on;
    }

    /** Speaks git's protocol version 0 only, in which commits are fetched by id only where the configuration allows it. */
    public void oldProtocol(boolean on) {
        oldProtocol = on;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Requests to the REST API and their answers' packs are forgotten. */
    public void forgetRequests() {
        requests.clear();
        packBytes.set(0);
    }

    /** Bytes of git's answers so far. */
    public long packBytes() {
        return packBytes.get();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Account account = account(exchange);
            requests.add(new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), account.login()));
            if (hanging) {
                closed.await(10, TimeUnit.MINUTES);
                return;
            }
            if (!delay.isZero()) {
                Thread.sleep(delay.toMillis());
            }
            if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                json(exchange, failureStatus, Map.of("message", "the stand-in was told to fail"));
                return;
            }
            Matcher git = GIT_PATH.matcher(path);
            if (path.startsWith("/api/")) {
                api(exchange, path, account);
            } else if (git.matches()) {
                git(exchange, git.group(1), git.group(2), git.group(3), account);
            } else {
                json(exchange, 404, Map.of("message", "404 Not Found"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who asks. */
    private record Account(String login, boolean known, boolean reads, String problem) {}

    private Account account(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null) {
            return new Account("", false, false, "");
        }
        String[] parts = header.split(" ", 2);
        if (parts[0].equalsIgnoreCase("basic")) {
            String[] basic = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8).split(":", 2);
            if (passwords.containsKey(basic[0]) && passwords.get(basic[0]).equals(basic[1])) {
                return new Account(basic[0], true, true, "");
            }
            return byToken(basic[1]);
        }
        return byToken(parts[1]);
    }

    private Account byToken(String value) {
        Token token = tokens.get(value);
        return token == null
                ? new Account("", false, false, "401 Unauthorized: Access token does not exist")
                : new Account(token.login(), true, token.scopes().contains("projects"), "");
    }

    private boolean mayRead(String repository, Account account) {
        return Boolean.FALSE.equals(repositories.get(repository))
                || repositories.containsKey(repository)
                        && account.known()
                        && members.get(repository).contains(account.login());
    }

    private void api(HttpExchange exchange, String path, Account account) throws IOException, InterruptedException {
        if (!account.problem().isEmpty()) {
            json(exchange, 401, Map.of("message", account.problem()));
            return;
        }
        Matcher gitee = GITEE_PATH.matcher(path);
        Matcher gitlab = GITLAB_PATH.matcher(path);
        Matcher branch = BRANCH_PATH.matcher(path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        MergeRequestApi.Answer merge = account.known()
                ? mergeRequests.answer(
                        exchange.getRequestMethod(),
                        path,
                        exchange.getRequestURI().getRawQuery(),
                        body)
                : null;
        if (merge != null) {
            if (merge.header() != null) {
                exchange.getResponseHeaders().set(merge.header(), merge.value());
            }
            json(exchange, merge.status(), merge.body());
        } else if (compared(exchange, path, account)) {
            return;
        } else if (branch.matches()) {
            String repository = decoded(branch.group(1) == null ? branch.group(2) : branch.group(1));
            String commit = mayRead(repository, account) ? commitOf(repository, decoded(branch.group(3))) : null;
            json(
                    exchange,
                    commit == null ? 404 : 200,
                    commit == null
                            ? Map.of("message", "404 Branch Not Found")
                            : Map.of("commit", Map.of("sha", commit, "id", commit)));
        } else if (path.endsWith("/users")) {
            String login = String.valueOf(exchange.getRequestURI().getQuery()).replace("username=", "");
            json(exchange, 200, accounts.containsKey(login) ? List.of(Map.of("id", accounts.get(login))) : List.of());
        } else if (path.endsWith("/user")) {
            json(
                    exchange,
                    account.known() ? 200 : 401,
                    account.known() ? Map.of("login", account.login()) : Map.of("message", "401 Unauthorized"));
        } else if (gitee.matches()) {
            repository(
                    exchange,
                    decoded(gitee.group(1)) + "/" + decoded(gitee.group(2)),
                    account,
                    path.startsWith("/api/v5"));
        } else if (gitlab.matches()) {
            repository(exchange, decoded(gitlab.group(1)), account, false);
        } else {
            json(exchange, 404, Map.of("message", "404 Not Found"));
        }
    }

    /** Comparisons as docs.github.com/rest/commits, gitee.com/api/v5/swagger and docs.gitlab.com/api/repositories document them. */
    /**
     * The comparison of two commits. GitHub's answer: docs.github.com/rest/commits/commits, "compare two commits" ({@code merge_base_commit}, {@code total_commits},
     * {@code commits}, {@code files}); Gitee's: gitee.com/api/v5/swagger, {@code repos/{owner}/{repo}/compare/{base}...{head}}, the same without
     * {@code total_commits}; GitLab's: docs.gitlab.com/api/repositories, "compare branches, tags or commits" ({@code commits}, {@code diffs}).
     */
    private boolean compared(HttpExchange exchange, String path, Account account)
            throws IOException, InterruptedException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        Matcher compare = COMPARE_PATH.matcher(path);
        Matcher gitlab = GITLAB_COMPARE_PATH.matcher(path);
        Matcher refs = REFS.matcher(query);
        boolean pulls = compare.matches();
        if (!pulls && !(gitlab.matches() && refs.find())) {
            return false;
        }
        String repository = decoded(pulls ? compare.group(1) : gitlab.group(1));
        String base = pulls ? decoded(compare.group(2)) : refs.group(1);
        String head = pulls ? decoded(compare.group(3)) : refs.group(2);
        Path folder = root.resolve(repository + ".git");
        if (!mayRead(repository, account)) {
            json(exchange, 404, Map.of("message", "404 Not Found"));
            return true;
        }
        String mergeBase;
        try {
            mergeBase = output(folder, "merge-base", base, head);
        } catch (IOException e) {
            json(exchange, 404, Map.of("message", "404 Not Found"));
            return true;
        }
        List<String> changed = new ArrayList<>(output(folder, "diff-tree", "-r", "--name-only", mergeBase, head)
                .lines()
                .toList());
        changed.addAll(alsoChanged);
        List<String> commits = otherCommits == null
                ? output(folder, "rev-list", "--reverse", base + ".." + head)
                        .lines()
                        .toList()
                : otherCommits;
        if (pulls) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("merge_base_commit", Map.of("sha", otherBase == null ? mergeBase : otherBase));
            if (path.startsWith("/api/v3")) {
                answer.put("total_commits", commits.size());
            }
            answer.put(
                    "commits", commits.stream().map(each -> Map.of("sha", each)).toList());
            answer.put(
                    "files",
                    changed.stream()
                            .map(file -> Map.of("filename", file, "status", "modified"))
                            .toList());
            json(exchange, 200, answer);
        } else if (gitlab.group(2).equals("merge_base")) {
            json(exchange, 200, Map.of("id", otherBase == null ? mergeBase : otherBase));
        } else {
            json(
                    exchange,
                    200,
                    Map.of(
                            "commits",
                            commits.stream().map(each -> Map.of("id", each)).toList(),
                            "diffs",
                            changed.stream()
                                    .map(file -> Map.of("old_path", file, "new_path", file))
                                    .toList()));
        }
        return true;
    }

    /** From now on comparisons name another file, too, or another commit as the base; null for the true one. */
    public void lieAbout(List<String> files, String base) {
        alsoChanged = List.copyOf(files);
        otherBase = base;
    }

    /** From now on comparisons list these commits; null for the true ones. */
    public void lieAboutCommits(List<String> commits) {
        otherCommits = commits;
    }

    /** The commit of a branch; null if there is none. */
    private String commitOf(String repository, String branch) {
        try {
            return output(root.resolve(repository + ".git"), "rev-parse", "--verify", "refs/heads/" + branch);
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void repository(HttpExchange exchange, String name, Account account, boolean gitee)
            throws IOException, InterruptedException {
        if (!mayRead(name, account)) {
            json(exchange, 404, Map.of("message", gitee ? "404 Project Not Found" : "Not Found"));
        } else if (account.known() && !account.reads()) {
            json(exchange, 403, Map.of("message", "403 Forbidden: insufficient scope"));
        } else {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("full_name", name);
            answer.put("path_with_namespace", name);
            answer.put("private", repositories.get(name));
            answer.put("visibility", repositories.get(name) ? "private" : "public");
            answer.put("default_branch", output(root.resolve(name + ".git"), "symbolic-ref", "--short", "HEAD"));
            json(exchange, 200, answer);
        }
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment, StandardCharsets.UTF_8);
    }

    private static void json(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void git(HttpExchange exchange, String owner, String name, String service, Account account)
            throws IOException {
        String repository = decoded(owner) + "/" + decoded(name);
        if (!mayRead(repository, account) || account.known() && !account.reads()) {
            if (account.known()) {
                json(exchange, repositories.containsKey(repository) ? 403 : 404, Map.of("message", "Access denied"));
            } else {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Gitee\"");
                json(exchange, 401, Map.of("message", "Unauthorized"));
            }
            return;
        }
        boolean push = service.equals("/git-receive-pack")
                || String.valueOf(exchange.getRequestURI().getRawQuery()).contains("git-receive-pack");
        if (push && !members.get(repository).contains(account.login())) {
            if (account.known()) {
                json(exchange, 403, Map.of("message", "You have no permission to push"));
            } else {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Gitee\"");
                json(exchange, 401, Map.of("message", "Unauthorized"));
            }
            return;
        }
        Process backend = backend(exchange, repository, service, account);
        Thread feeder = new Thread(() -> feed(exchange, backend), "git request");
        feeder.setDaemon(true);
        feeder.start();
        try (InputStream out = backend.getInputStream()) {
            answer(exchange, out, service.equals("/git-upload-pack"));
        } finally {
            backend.destroy();
        }
    }

    private Process backend(HttpExchange exchange, String repository, String service, Account account)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("git", "http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> env = builder.environment();
        env.put("GIT_PROJECT_ROOT", root.toString());
        env.put("GIT_HTTP_EXPORT_ALL", "1");
        env.put("PATH_INFO", "/" + repository + ".git" + service);
        env.put("REQUEST_METHOD", exchange.getRequestMethod());
        String query = exchange.getRequestURI().getRawQuery();
        env.put("QUERY_STRING", query == null ? "" : query);
        env.put("REMOTE_ADDR", "127.0.0.1");
        if (account.known()) {
            env.put("REMOTE_USER", account.login());
        }
        header(exchange, "Content-Type", env, "CONTENT_TYPE");
        header(exchange, "Content-Encoding", env, "HTTP_CONTENT_ENCODING");
        header(exchange, "Content-Length", env, "CONTENT_LENGTH");
        env.remove("GIT_PROTOCOL");
        if (!oldProtocol) {
            header(exchange, "Git-Protocol", env, "GIT_PROTOCOL");
        }
        return builder.start();
    }

    private static void header(HttpExchange exchange, String header, Map<String, String> env, String variable) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
            env.put(variable, value);
        }
    }

    private static void feed(HttpExchange exchange, Process backend) {
        try (OutputStream in = backend.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        } catch (IOException e) {
            // The backend has what it needs, or the client has gone.
        }
    }

    private void answer(HttpExchange exchange, InputStream out, boolean pack) throws IOException {
        int status = 200;
        for (String line = line(out); !line.isEmpty(); line = line(out)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).trim();
            if (name.equalsIgnoreCase("status")) {
                status = Integer.parseInt(value.split(" ")[0]);
            } else if (!name.toLowerCase(Locale.ROOT).equals("content-length")) {
                exchange.getResponseHeaders().set(name, value);
            }
        }
        exchange.sendResponseHeaders(status, 0);
        OutputStream body = exchange.getResponseBody();
        byte[] buffer = new byte[64 * 1024];
        long sent = 0;
        for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
            if (pack && sent + n > cutAfter && cuts.get() > 0 && cuts.getAndDecrement() > 0) {
                body.write(buffer, 0, (int) Math.max(0, Math.min(n, cutAfter - sent)));
                body.flush();
                // Closing the exchange without the last chunk breaks the connection off.
                throw new IOException("the stand-in was told to cut this transfer");
            }
            body.write(buffer, 0, n);
            sent += n;
            packBytes.addAndGet(n);
        }
        body.close();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Runs git in a folder. */
    public static void git(Path folder, String... arguments) throws IOException, InterruptedException {
        output(folder, arguments);
    }

    /**
     * What git prints.
     *
     * @throws IOException when it fails, with what it printed
     */
    public static String output(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        // git would tidy up in the background, in folders that are deleted meanwhile.
        command.addAll(List.of("-c", "gc.auto=0", "-c", "maintenance.auto=false"));
        command.addAll(List.of(arguments));
        return run(null, Map.of(), command, folder);
    }

    /** @param repository the git directory for all commands; null for the one that the folder is in */
    private static String run(Path repository, Map<String, String> more, List<String> command, Path folder)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> env = new HashMap<>();
        for (String who : new String[] {"AUTHOR", "COMMITTER"}) {
            env.put("GIT_" + who + "_NAME", "Wang Li");
            env.put("GIT_" + who + "_EMAIL", "wang@example.com");
        }
        // Nothing is uploaded to an LFS server.
        env.put("GIT_LFS_SKIP_PUSH", "1");
        env.putAll(more);
        if (repository != null) {
            env.put("GIT_DIR", repository.toAbsolutePath().toString());
        }
        builder.environment().putAll(env);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + text);
        }
        return text;
    }

    /**
     * Commits a folder's files to a branch of a bare repository.
     *
     * @return the commit's id
     */
    public static String commit(Path repository, Path files, String branch, String message)
            throws IOException, InterruptedException {
        Path index = Files.createTempFile("commit", ".index");
        Files.delete(index);
        String tree = run(
                repository,
                Map.of("GIT_INDEX_FILE", index.toString()),
                List.of(
                        "sh",
                        "-c",
                        "git --work-tree=\"$1\" add --all . && git write-tree",
                        "sh",
                        files.toAbsolutePath().toString()),
                files);
        Files.deleteIfExists(index);
        return run(
                repository,
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "old=$(git rev-parse --verify --quiet \"refs/heads/$2\"); "
                                + "new=$(git commit-tree ${old:+-p $old} -m \"$3\" \"$1\") && "
                                + "git update-ref \"refs/heads/$2\" \"$new\" && echo \"$new\"",
                        "sh",
                        tree,
                        branch,
                        message),
                repository);
    }

    /** Adds commits to a branch that exists, each with a file of its own, in one go. */
    public static void commits(Path repository, String branch, int count) throws IOException, InterruptedException {
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String message = "Change " + i;
            stream.append("commit refs/heads/")
                    .append(branch)
                    .append("\ncommitter Wang Li <wang@example.com> ")
                    .append(System.currentTimeMillis() / 1000)
                    .append(" +0000\ndata ")
                    .append(message.length())
                    .append('\n')
                    .append(message)
                    .append('\n')
                    .append(i == 0 ? "from refs/heads/" + branch + "^0\n" : "")
                    .append("M 100644 inline a")
                    .append(i)
                    .append("\ndata 1\nx\n")
                    // A pack of its own.
                    .append("checkpoint\n");
        }
        Path file = Files.writeString(Files.createTempFile("commits", ".stream"), stream);
        run(
                repository,
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "git -c fastimport.unpackLimit=0 fast-import --quiet < \"$1\"",
                        "sh",
                        file.toString()),
                repository);
        Files.delete(file);
    }
}
