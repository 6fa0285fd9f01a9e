package io.jenkins.plugins.minibuild.step;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.tools.ToolInstallation;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A build on this machine, without Jenkins: real files, real commands, credentials and facts in memory. Folders under
 * the root: workspace, workspace@tmp, agent, builds/N/archive. Safe to be watched ({@link #log}) from other threads.
 */
public final class LocalBuild implements BuildContext, CredentialSource, BuildRecord, ToolSource {
    private static final Map<String, Semaphore> TURNS = new ConcurrentHashMap<>();

    private final Path root;
    private final String job;
    private final int number;
    private final Map<Integer, Map<Fact, String>> facts;
    private final Map<String, StandardCredentials> credentials;
    private final Map<String, FilePath> tools = new HashMap<>();
    private final EnvVars environment = new EnvVars();
    private final Redactor redactor = new Redactor();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final TaskListener listener;
    private final List<Object> settings;
    private final Map<String, ProgressTrack> tracks = new LinkedHashMap<>();
    private final List<CheckoutNews> checkouts = new ArrayList<>();
    private final Instant started = Instant.now();
    private Http http = Http.over(HttpClient.newBuilder());
    private Clock clock = Clock.systemUTC();
    private Launcher launcher;
    private VirtualChannel channel = FilePath.localChannel;
    private Integer retried;
    private String place = "workspace";
    private String agent = "local";
    private SourceCommit source;

    private LocalBuild(
            Path root,
            String job,
            int number,
            Map<Integer, Map<Fact, String>> facts,
            Map<String, StandardCredentials> credentials,
            List<Object> settings,
            OutputStream console)
            throws IOException {
        this.root = root.toRealPath();
        this.job = job;
        this.number = number;
        this.facts = facts;
        this.credentials = credentials;
        this.settings = settings;
        for (String folder : new String[] {"workspace", "workspace@tmp", "agent", "controller"}) {
            Files.createDirectories(this.root.resolve(folder));
        }
        listener = redactor.wrap(
                new StreamTaskListener(new Tee(log, console), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        launcher = new Launcher.LocalLauncher(listener);
    }

    /** The first build of a job whose files are under the root. */
    public static LocalBuild in(Path root) throws IOException {
        return in(root, OutputStream.nullOutputStream());
    }

    /** As {@link #in(Path)}, its log copied to the console while it runs. */
    public static LocalBuild in(Path root, OutputStream console) throws IOException {
        Files.createDirectories(root);
        return new LocalBuild(root, "shop", 1, new ConcurrentHashMap<>(), new HashMap<>(), new ArrayList<>(), console);
    }

    /** The job's next build: same workspace, credentials, facts; an empty log. */
    public LocalBuild next() throws IOException {
        LocalBuild next =
                new LocalBuild(root, job, number + 1, facts, credentials, settings, OutputStream.nullOutputStream());
        next.http = http;
        return next;
    }

    /** The first build of another job on the same agent, in the same workspace. */
    public LocalBuild of(String otherJob) throws IOException {
        LocalBuild other = new LocalBuild(
                root,
                otherJob,
                number + 1000,
                new ConcurrentHashMap<>(),
                new HashMap<>(),
                new ArrayList<>(),
                OutputStream.nullOutputStream());
        other.http = http;
        return other;
    }

    /** The job's next build, which runs at the same time as this one: its workspace is {@code workspace@N}, and empty. */
    public LocalBuild beside() throws IOException {
        LocalBuild next = next();
        next.place = "workspace@" + next.number;
        Files.createDirectories(root.resolve(next.place));
        Files.createDirectories(root.resolve(next.place + "@tmp"));
        return next;
    }

    /** The job's next build, which retries this one. */
    public LocalBuild retry() throws IOException {
        LocalBuild next = next();
        next.retried = number;
        return next;
    }

    public LocalBuild with(StandardCredentials credential) {
        credentials.put(credential.getId(), credential);
        return this;
    }

    public LocalBuild with(Class<? extends ToolInstallation> kind, String name, Path home) {
        FilePath path = new FilePath(home.toFile());
        FilePath before = tools.put(kind.getName() + "/" + name, path);
        tools.merge(kind.getName() + "/", path, (first, now) -> first.equals(before) ? now : first);
        return this;
    }

    public LocalBuild with(Clock other) {
        clock = other;
        return this;
    }

    /** The build runs on another agent, which is this machine too: what runs there goes through this channel. */
    public LocalBuild on(VirtualChannel agent) {
        channel = agent;
        launcher = new Launcher.LocalLauncher(listener, agent);
        return this;
    }

    private FilePath file(Path path) {
        return new FilePath(channel, path.toString());
    }

    /** Replaces the HTTP client, for another deadline. */
    public LocalBuild with(Http other) {
        http = other;
        return this;
    }

    public LocalBuild with(Launcher other) {
        launcher = other;
        return this;
    }

    public LocalBuild env(String key, String value) {
        environment.put(key, value);
        return this;
    }

    /** What the build has logged so far, secrets masked. */
    public String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    public Path artifacts() {
        return root.resolve("builds/" + number + "/archive");
    }

    public Path root() {
        return root;
    }

    @Override
    public FilePath workspace() {
        return file(root.resolve(place));
    }

    @Override
    public FilePath temp() {
        return file(root.resolve(place + "@tmp"));
    }

    @Override
    public FilePath agentRoot() {
        return file(root.resolve("agent"));
    }

    /** Names the agent; empty for the controller's own node. */
    public LocalBuild on(String name) {
        agent = name;
        return this;
    }

    @Override
    public String agent() {
        return agent;
    }

    @Override
    public Launcher launcher() {
        return launcher;
    }

    @Override
    public EnvVars environment() {
        return environment;
    }

    @Override
    public TaskListener listener() {
        return listener;
    }

    @Override
    public Redactor redactor() {
        return redactor;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public RandomGenerator random() {
        return new Random(number);
    }

    @Override
    public CredentialSource credentials() {
        return this;
    }

    @Override
    public BuildRecord record() {
        return this;
    }

    @Override
    public ToolSource tools() {
        return this;
    }

    @Override
    public NamedSettings settings() {
        return new NamedSettings() {
            @Override
            public <T> List<T> all(Class<T> kind) {
                return settings.stream()
                        .filter(kind::isInstance)
                        .map(kind::cast)
                        .toList();
            }
        };
    }

    @Override
    public Http http() {
        return http;
    }

    @Override
    public BuildProgress progress() {
        return (track, state) -> tracks.put(track, state);
    }

    /** How far the tasks say they are, by track. */
    public Map<String, ProgressTrack> tracks() {
        return tracks;
    }

    /** Shared by all builds on this machine. */
    @Override
    public Turn turn(String resource, Deadline deadline) throws IOException, InterruptedException {
        Semaphore turn = TURNS.computeIfAbsent(resource, name -> new Semaphore(1, true));
        if (!turn.tryAcquire(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AbortException("The time is over: " + resource);
        }
        return turn::release;
    }

    @Override
    public Path controllerFolder() {
        return root.resolve("controller");
    }

    @Override
    public String id() {
        return job + "#" + number;
    }

    @Override
    public String jobName() {
        return job;
    }

    @Override
    public Path jobFolder() {
        return root.resolve("job");
    }

    @Override
    public Path folder() {
        return root.resolve("builds/" + number + "/mini-build");
    }

    @Override
    public Instant started() {
        return started;
    }

    /** Adds what an admin would configure. */
    public LocalBuild with(Object setting) {
        settings.add(setting);
        return this;
    }

    @Override
    public <C extends StandardCredentials> C find(String id, Class<C> type, String url) {
        StandardCredentials found = credentials.get(id);
        return type.isInstance(found) ? type.cast(found) : null;
    }

    @Override
    public String displayName() {
        return job + " #" + number;
    }

    @Override
    public void archive(String path, FilePath file) throws IOException, InterruptedException {
        Path target = artifacts().resolve(path).normalize();
        if (!target.startsWith(artifacts())) {
            throw new IOException("not among the artifacts: " + path);
        }
        file.copyTo(new FilePath(target.toFile()));
    }

    /** As Jenkins' own manager of artifacts, which keeps the permissions. */
    @Override
    public void archiveAll(Map<String, String> paths, FilePath folder) throws IOException, InterruptedException {
        for (Map.Entry<String, String> each : paths.entrySet()) {
            FilePath file = folder.child(each.getValue());
            archive(each.getKey(), file);
            new FilePath(artifacts().resolve(each.getKey()).toFile()).chmod(file.mode());
        }
    }

    @Override
    public void remember(Fact fact, String value) {
        facts.computeIfAbsent(number, n -> new ConcurrentHashMap<>()).put(fact, value);
    }

    @Override
    public Map<Fact, String> facts() {
        return Map.copyOf(facts.getOrDefault(number, Map.of()));
    }

    @Override
    public String recall(Fact fact) {
        for (int n = number - 1; n > 0; n--) {
            String value = facts.getOrDefault(n, Map.of()).get(fact);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    @Override
    public String recallRetried(Fact fact) {
        return retried == null ? null : facts.getOrDefault(retried, Map.of()).get(fact);
    }

    @Override
    public void checkedOut(FilePath folder, CheckoutNews news) {
        checkouts.add(news);
    }

    /** What was checked out so far. */
    public List<CheckoutNews> checkouts() {
        return checkouts;
    }

    /** Names the commit that it is about, as a webhook does. */
    public LocalBuild about(SourceCommit commit) {
        source = commit;
        return this;
    }

    @Override
    public SourceCommit source() {
        return source;
    }

    @Override
    public FilePath home(Class<? extends ToolInstallation> kind, String name) throws IOException {
        FilePath home = tools.get(kind.getName() + "/" + (name == null ? "" : name));
        if (home == null && name != null) {
            throw new hudson.AbortException("There is no installation named '" + name + "'.");
        }
        return home == null ? null : new FilePath(channel, home.getRemote());
    }

    /** Writes to both. */
    private static final class Tee extends OutputStream {
        private final ByteArrayOutputStream first;
        private final OutputStream second;

        Tee(ByteArrayOutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int b) throws IOException {
            first.write(b);
            second.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            first.write(bytes, offset, length);
            second.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            second.flush();
        }
    }
}
