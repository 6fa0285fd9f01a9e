package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.File;
import java.io.IOException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Jenkins controller with the plugin as an admin would install it, in a fresh JENKINS_HOME, on a free loopback
 * port; driven over HTTP as the user {@code admin}. Besides its own executors it can have an agent in a JVM of its own.
 * Not safe for several threads.
 */
public final class RealController implements AutoCloseable {
    public static final String USER = "admin";
    public static final String PASSWORD = "only-for-this-test-7351";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What an admin would click: a user, crumbs, credentials, an agent, and that jobs may use the built-in node and do without a sandbox. */
    private static final String SET_UP = """
            import hudson.model.Node
            import hudson.security.*
            import hudson.security.csrf.DefaultCrumbIssuer
            import hudson.slaves.*
            import jenkins.model.*
            def jenkins = Jenkins.get()
            def realm = new HudsonPrivateSecurityRealm(false)
            realm.createAccount('%s', '%s')
            realm.createAccount('reader', 'reader-password-11')
            jenkins.securityRealm = realm
            def acl = new GlobalMatrixAuthorizationStrategy()
            acl.add(Jenkins.ADMINISTER, PermissionEntry.user('%s'))
            acl.add(Jenkins.READ, PermissionEntry.user('reader'))
            acl.add(hudson.model.Item.READ, PermissionEntry.user('reader'))
            jenkins.authorizationStrategy = acl
            jenkins.crumbIssuer = new DefaultCrumbIssuer(false)
            jenkins.numExecutors = 4
            def policies = jenkins.getDescriptor('io.jenkins.plugins.minibuild.access.PoliciesConfiguration')
            policies.builtInNodeJobs = '**'
            policies.sandboxOffJobs = '**'
            def agent = new DumbSlave('remote', '%s', new JNLPLauncher(true))
            agent.numExecutors = 2
            agent.mode = Node.Mode.EXCLUSIVE
            jenkins.addNode(agent)
            jenkins.save()
            """.replace("import hudson.security.*", """
            import hudson.security.*
            import org.jenkinsci.plugins.matrixauth.PermissionEntry""".strip());

    private final Path home;
    private final Path agentHome;
    private final int port;
    private final ProcessBuilder builder;
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Map<String, Map<String, String>> environments = new HashMap<>();
    private Process process;
    private Process agent;
    private String crumb;

    private RealController(Path home, Path agentHome, int port, ProcessBuilder builder) throws IOException {
        this.home = home;
        this.agentHome = agentHome;
        this.port = port;
        this.builder = builder;
        this.process = builder.start();
    }

    /**
     * Boots the one that -Djenkins.war and -Djenkins.plugins name, with the .hpi of this build, and waits until it
     * serves. Skips the tests, and says so, when there is none.
     *
     * @param root the folder for all of its files; what was in it is deleted
     */
    public static RealController start(Path root) throws IOException, InterruptedException {
        // Tests end before the second compiler's work has paid: without it a controller starts with half the CPU time.
        return start(root, "-XX:TieredStopAtLevel=1");
    }

    /**
     * As the other, for one that is to run as fast as it can.
     *
     * @param option of its JVM
     */
    public static RealController start(Path root, String option) throws IOException, InterruptedException {
        String war = System.getProperty("jenkins.war", "");
        String plugins = System.getProperty("jenkins.plugins", "");
        assumeTrue(
                !war.isEmpty() && !plugins.isEmpty(),
                "skipped: no real controller (give -Djenkins.war=PATH -Djenkins.plugins=DIR)");
        assertThat(Path.of(war)).exists();
        assertThat(Path.of(plugins)).isDirectory();
        new hudson.FilePath(root.toFile()).deleteRecursive();
        return start(Path.of(war), Path.of(plugins), Path.of(System.getProperty("minibuild.hpi")), root, option);
    }

    private static RealController start(Path war, Path plugins, Path hpi, Path root, String option)
            throws IOException, InterruptedException {
        Path home = Files.createDirectories(root.resolve("home"));
        Path agentHome = Files.createDirectories(root.resolve("agent"));
        Path installed = Files.createDirectories(home.resolve("plugins"));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(plugins, "*.?pi")) {
            for (Path plugin : all) {
                Files.createSymbolicLink(
                        installed.resolve(plugin.getFileName().toString().replaceFirst("\\.hpi$", ".jpi")),
                        plugin.toAbsolutePath());
            }
        }
        Files.copy(hpi, installed.resolve("mini-build.jpi"));
        Path hooks = Files.createDirectories(home.resolve("init.groovy.d"));
        Files.writeString(hooks.resolve("1-set-up.groovy"), SET_UP.formatted(USER, PASSWORD, USER, agentHome));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                java(),
                "-Xmx1g",
                option,
                "-Djava.awt.headless=true",
                "-Djenkins.install.runSetupWizard=false",
                "-Dhudson.model.UpdateCenter.never=true",
                "-Dhudson.model.DownloadService.never=true",
                "-Dhudson.model.UsageStatistics.disabled=true",
                "-DJENKINS_HOME=" + home,
                "-jar",
                war.toAbsolutePath().toString(),
                "--httpPort=" + port,
                "--httpListenAddress=127.0.0.1");
        builder.environment().keySet().removeIf(name -> name.startsWith("JENKINS_"));
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        root.resolve("controller.log").toFile()));
        RealController controller = new RealController(home, agentHome, port, builder);
        try {
            controller.awaitServing();
        } catch (IOException | InterruptedException | RuntimeException e) {
            controller.close();
            throw e;
        }
        return controller;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void awaitServing() throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofMinutes(4));
        while (true) {
            if (!process.isAlive()) {
                throw new IOException("The controller ended while it started:\n" + log());
            }
            try {
                HttpResponse<String> answer = get("api/json");
                if (answer.statusCode() == 200) {
                    break;
                }
            } catch (IOException e) {
                // not listening yet
            }
            if (deadline.expired()) {
                throw new IOException("The controller did not serve within 4 minutes:\n" + log());
            }
            Thread.sleep(250);
        }
        crumb = JSON.readTree(get("crumbIssuer/api/json").body()).get("crumb").asText();
        script("jenkins.model.JenkinsLocationConfiguration.get().url = '" + url() + "'");
    }

    /** Kills it as a power cut would; what it has not written is lost. {@link #restart} starts it again. */
    public void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it again with what it has stored, on the same port, and waits until it serves. */
    public void restart() throws IOException, InterruptedException {
        Files.deleteIfExists(home.resolve("init.groovy.d").resolve("1-set-up.groovy"));
        process = builder.start();
        crumb = null;
        awaitServing();
    }

    /** Starts the agent {@code remote} in a JVM of its own and waits until it is connected. */
    public Process startAgent() throws IOException, InterruptedException {
        agent = startAgent("remote", agentHome, List.of("-noReconnect"));
        return agent;
    }

    /**
     * Adds an agent in a JVM of its own, which connects again whenever it loses the controller, and waits until it is connected. Who calls this ends the process.
     *
     * @param label of the agent, besides its name
     */
    public Process addAgent(String name, String label, int executors) throws IOException, InterruptedException {
        return addAgent(name, label, executors, Map.of());
    }

    /** As the other, with variables in the environment of its JVM. */
    public Process addAgent(String name, String label, int executors, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(agentHome.resolveSibling("agent-" + name));
        script("def agent = new hudson.slaves.DumbSlave('" + name + "', '" + folder
                + "', new hudson.slaves.JNLPLauncher(true)); agent.numExecutors = " + executors
                + "; agent.labelString = '"
                + label
                + "'; agent.mode = hudson.model.Node.Mode.EXCLUSIVE; jenkins.model.Jenkins.get().addNode(agent)");
        environments.put(name, environment);
        return startAgent(name, folder, List.of());
    }

    /** Adds an agent that the controller itself launches, as a process of this machine, and waits until it is connected. It ends with the controller. */
    public void addLaunchedAgent(String name, int executors) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(agentHome.resolveSibling("agent-" + name));
        Path jar = folder.resolve("agent.jar");
        Files.write(
                jar,
                send(request("jnlpJars/agent.jar").GET(), HttpResponse.BodyHandlers.ofByteArray())
                        .body());
        String command = java() + " -Xmx256m -jar " + jar;
        script("org.jenkinsci.plugins.scriptsecurity.scripts.ScriptApproval.get().preapprove('" + command
                + "', org.jenkinsci.plugins.scriptsecurity.scripts.languages.SystemCommandLanguage.get());"
                + " def agent = new hudson.slaves.DumbSlave('" + name + "', '" + folder
                + "', new hudson.slaves.CommandLauncher('" + command + "')); agent.numExecutors = " + executors
                + "; agent.mode = hudson.model.Node.Mode.EXCLUSIVE; jenkins.model.Jenkins.get().addNode(agent)");
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (json("computer/" + name + "/api/json").get("offline").asBoolean()) {
            if (deadline.expired()) {
                throw new IOException("The agent " + name + " did not connect:\n" + log());
            }
            Thread.sleep(200);
        }
    }

    /** Starts an agent again whose process has ended, and waits until it is connected. */
    public Process startAgain(String name) throws IOException, InterruptedException {
        return startAgent(name, agentHome.resolveSibling("agent-" + name), List.of());
    }

    private Process startAgent(String name, Path agentHome, List<String> options)
            throws IOException, InterruptedException {
        Path jar = agentHome.resolve("agent.jar");
        Files.write(
                jar,
                send(request("jnlpJars/agent.jar").GET(), HttpResponse.BodyHandlers.ofByteArray())
                        .body());
        String secret = script("println jenkins.model.Jenkins.get().getComputer('" + name + "').jnlpMac")
                .strip();
        Path secretFile = agentHome.resolve("secret");
        Files.writeString(secretFile, secret);
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString(),
                "-url",
                url(),
                "-name",
                name,
                "-secret",
                "@" + secretFile,
                "-webSocket",
                "-workDir",
                agentHome.toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(agentHome.resolve("agent.log").toFile());
        builder.environment().putAll(environments.getOrDefault(name, Map.of()));
        Process started = builder.start();
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (json("computer/" + name + "/api/json").get("offline").asBoolean()) {
            if (deadline.expired() || !started.isAlive()) {
                throw new IOException(
                        "The agent did not connect:\n" + Files.readString(agentHome.resolve("agent.log")));
            }
            Thread.sleep(200);
        }
        return started;
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    public Path home() {
        return home;
    }

    public Path agentHome() {
        return agentHome;
    }

    /** What it has logged. */
    public String log() throws IOException {
        return Files.readString(home.resolveSibling("controller.log"), StandardCharsets.UTF_8);
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET(), HttpResponse.BodyHandlers.ofString());
    }

    /** As the other, with headers of one's own. */
    public HttpResponse<String> get(String path, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).GET();
        headers.forEach(request::header);
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<byte[]> getBytes(String path) throws IOException, InterruptedException {
        return send(request(path).GET(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    /** Posts a form; the crumb is added. */
    public HttpResponse<String> post(String path, Map<String, String> form) throws IOException, InterruptedException {
        List<String> pairs = new ArrayList<>();
        form.forEach((key, value) -> pairs.add(encode(key) + "=" + encode(value)));
        return post(path, "application/x-www-form-urlencoded", String.join("&", pairs));
    }

    public HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (crumb != null) {
            request.header("Jenkins-Crumb", crumb);
        }
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    /**
     * As somebody else with a crumb of theirs, or as nobody when {@code user} is null.
     *
     * @param headers names and values in turn
     */
    public HttpResponse<String> as(String user, String password, String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (user != null) {
            request.header("Authorization", basic(user, password));
            HttpRequest ask = HttpRequest.newBuilder(URI.create(url() + "crumbIssuer/api/json"))
                    .header("Authorization", basic(user, password))
                    .build();
            String answer =
                    client.send(ask, HttpResponse.BodyHandlers.ofString()).body();
            request.header("Jenkins-Crumb", JSON.readTree(answer).get("crumb").asText());
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What a script printed on the script console. */
    public String script(String groovy) throws IOException, InterruptedException {
        return post("scriptText", Map.of("script", groovy)).body();
    }

    /** A script that adds a service over plain HTTP, as an administrator would by the form. */
    static String knowing(String kind, String authority) {
        String house = "io.jenkins.plugins.minibuild.forge.";
        return "jenkins.model.Jenkins.get().getExtensionList(" + house + "ForgesConfiguration)[0].setForges([new "
                + house + "ForgeConfiguration('stand-in', '" + kind + "', 'http://" + authority + "', null, true)])";
    }

    public void createJob(String name, String configXml) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("createItem?name=" + encode(name), "application/xml", configXml);
        if (answer.statusCode() != 200) {
            throw new IOException("Creating " + name + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    public void createPipeline(String name, String jenkinsfile) throws IOException, InterruptedException {
        createJob(name, """
                <flow-definition plugin="workflow-job">
                  <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition" plugin="workflow-cps">
                    <script>%s</script>
                    <sandbox>true</sandbox>
                  </definition>
                </flow-definition>
                """.formatted(escapeXml(jenkinsfile)));
    }

    /** Queues a build and waits until it has ended; answers its result. */
    public String build(String job) throws IOException, InterruptedException {
        int number = start(job);
        return await(job, number, Duration.ofMinutes(5));
    }

    /** Queues a build and waits until it runs; answers its number. */
    public int start(String job) throws IOException, InterruptedException {
        int next = json("job/" + job + "/api/json?tree=nextBuildNumber")
                .get("nextBuildNumber")
                .asInt();
        HttpResponse<String> answer = post("job/" + job + "/build?delay=0sec", Map.of());
        if (answer.statusCode() != 201) {
            throw new IOException("Building " + job + " answered " + answer.statusCode() + ": " + answer.body());
        }
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (get("job/" + job + "/" + next + "/api/json").statusCode() != 200) {
            if (deadline.expired()) {
                throw new IOException(job + " did not start within a minute");
            }
            Thread.sleep(100);
        }
        return next;
    }

    public String await(String job, int number, Duration limit) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(limit);
        while (true) {
            HttpResponse<String> answer = get("job/" + job + "/" + number + "/api/json?tree=building,result");
            if (answer.statusCode() == 404 && !deadline.expired()) {
                // It waits in the queue.
                Thread.sleep(100);
                continue;
            }
            if (answer.statusCode() != 200) {
                throw new IOException(job + " #" + number + " answered " + answer.statusCode());
            }
            JsonNode build = JSON.readTree(answer.body());
            if (!build.get("building").asBoolean() && !build.get("result").isNull()) {
                return build.get("result").asText();
            }
            if (deadline.expired()) {
                throw new IOException(
                        job + " #" + number + " did not end within " + limit + ":\n" + console(job, number));
            }
            Thread.sleep(100);
        }
    }

    public String console(String job, int number) throws IOException, InterruptedException {
        return get("job/" + job + "/" + number + "/consoleText").body();
    }

    /** Waits until the console of a running build holds the text. */
    public void awaitConsole(String job, int number, String text) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofMinutes(2));
        while (!console(job, number).contains(text)) {
            if (deadline.expired()) {
                throw new IOException("'" + text + "' is not in the console:\n" + console(job, number));
            }
            Thread.sleep(100);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", basic(USER, PASSWORD));
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return http.send(request.build(), handler);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public static String escapeXml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public void close() throws IOException {
        for (Process each : new Process[] {agent, process}) {
            if (each == null) {
                continue;
            }
            each.destroy();
            try {
                if (!each.waitFor(20, TimeUnit.SECONDS)) {
                    each.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                each.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The files under the folders that hold the text in plain form. */
    public static List<File> filesWith(String text, Path... folders) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        List<File> found = new ArrayList<>();
        for (Path folder : folders) {
            try (var files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files.filter(f -> Files.isRegularFile(f) && !Files.isSymbolicLink(f))
                        .filter(f ->
                                !f.toString().endsWith(".jpi") && !f.toString().endsWith(".jar"))::iterator) {
                    if (contains(Files.readAllBytes(file), wanted)) {
                        found.add(file.toFile());
                    }
                }
            }
        }
        return found;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        outer:
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            for (int i = 0; i < wanted.length; i++) {
                if (bytes[at + i] != wanted[i]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }
}
