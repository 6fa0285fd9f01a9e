package io.jenkins.plugins.minibuild.workflow.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.AbortException;
import hudson.FilePath;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.ScmCheckout;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job on another agent gets the sources of the build, and nothing else. */
class JobSourcesTest {
    private static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";

    @TempDir
    private Path temp;

    private GiteeService gitee;
    private Path shop;
    private Path files;
    private String url;
    private LocalBuild build;
    private LocalBuild other;

    @BeforeEach
    void start() throws Exception {
        gitee = GiteeService.start(temp.resolve("gitee")).addToken(TOKEN, "bot", "projects");
        shop = gitee.createRepository("acme", "shop", true);
        gitee.addMember("acme", "shop", "bot");
        url = gitee.gitUrl("acme", "shop");
        files = Files.createDirectories(temp.resolve("files"));
        Files.writeString(files.resolve("app.json"), "first");
        Files.writeString(files.resolve(".gitignore"), "ignored\n");
        commit();
        build = LocalBuild.in(temp.resolve("jenkins"))
                .with((Object) gitee.known())
                .with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "bot", "", Secret.fromString(TOKEN)));
        other = build.beside().on("other");
    }

    @AfterEach
    void stop() {
        gitee.close();
    }

    private String commit() throws Exception {
        return GiteeService.commit(shop, files, "main", "A change");
    }

    private Path own() {
        return Path.of(build.workspace().getRemote());
    }

    private Path there() {
        return Path.of(other.workspace().getRemote());
    }

    private void write(Path folder, String path, String text) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.writeString(folder.resolve(path), text);
    }

    /** The place of a job is another place of the same build: it has the same facts. */
    private void prepare(Sources sources) throws Exception {
        JobSources.prepare(sources, build, sameBuild(), JobSources.DEFAULT_BYTES);
    }

    private LocalBuild sameBuild() {
        build.facts().forEach(other::remember);
        return other;
    }

    private void checkOut(String directory) throws Exception {
        GitCheckout.of(url).credentialsId("bot").directory(directory).build().run(build);
    }

    @Test
    void aCheckoutIsOfTheCommitThatTheBuildHas() throws Exception {
        checkOut("");
        Files.writeString(files.resolve("app.json"), "second");
        commit();
        for (int i = 0; i < 2; i++) {
            prepare(Sources.CHECKOUT);
            assertThat(there().resolve("app.json")).hasContent("first");
            assertThat(GiteeService.output(there(), "rev-parse", "HEAD"))
                    .isEqualTo(GiteeService.output(own(), "rev-parse", "HEAD"));
            assertThat(there().resolve("left")).doesNotExist();
            assertThat(there().resolve("ignored")).doesNotExist();
            write(there(), "left", "by the build before");
            write(there(), "ignored", "by the build before");
            write(there(), "app.json", "changed by the build before");
        }
        assertThat(other.checkouts()).as("it is no news").isEmpty();
        assertThat(other.facts()).containsEntry(Fact.BRANCH, "main");
        assertThat(build.checkouts()).hasSize(1);
    }

    @Test
    void theRecordOfACheckoutHoldsNoSecret() throws Exception {
        checkOut("");
        assertThat(build.facts().toString())
                .contains("checkout.recipe.")
                .contains("bot")
                .doesNotContain(TOKEN);
    }

    @Test
    void aCheckoutBelowTheWorkspaceComesToTheSamePlace() throws Exception {
        checkOut("code/shop");
        write(there(), "left", "by the build before");
        write(there(), "code/left", "by the build before");
        write(there(), "code/shop-old/left", "by the build before");
        prepare(Sources.CHECKOUT);
        assertThat(there().resolve("code/shop/app.json")).hasContent("first");
        assertThat(there()).isDirectoryNotContaining(each -> each.endsWith("left"));
        try (Stream<Path> all = Files.list(there().resolve("code"))) {
            assertThat(all).containsExactly(there().resolve("code/shop"));
        }
    }

    @Test
    void twoCheckoutsOneInsideTheOtherAreBothRepeated() throws Exception {
        checkOut("");
        checkOut("inner");
        for (int i = 0; i < 2; i++) {
            prepare(Sources.CHECKOUT);
            assertThat(there().resolve("app.json")).hasContent("first");
            assertThat(there().resolve("inner/app.json")).hasContent("first");
        }
    }

    @Test
    void aWorkspaceOfAnotherRepositoryIsReplaced() throws Exception {
        checkOut("");
        GiteeService.git(there(), "init", "--quiet");
        write(there(), "secret", "of another job");
        prepare(Sources.CHECKOUT);
        assertThat(there().resolve("secret")).doesNotExist();
        assertThat(there().resolve("app.json")).hasContent("first");
    }

    @Test
    void aBuildThatHasCheckedOutNothingSaysWhatToDo() {
        assertThatThrownBy(() -> prepare(Sources.CHECKOUT))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("has checked out nothing")
                .hasMessageContaining("sources: copy");
    }

    @Test
    void jenkinsOwnCheckoutIsRepeated() throws Exception {
        Path open = gitee.createRepository("acme", "open", false);
        GiteeService.commit(open, files, "main", "First");
        ScmCheckout.in(build, open, gitee.gitUrl("acme", "open"));
        Files.writeString(files.resolve("app.json"), "second");
        GiteeService.commit(open, files, "main", "Second");
        prepare(Sources.CHECKOUT);
        assertThat(there().resolve("app.json")).hasContent("first");
    }

    /** As where Jenkins has merged a branch into its target: no server has that commit. */
    @Test
    void aCommitThatOnlyTheBuildHasIsToldApart() throws Exception {
        Path open = gitee.createRepository("acme", "open", false);
        GiteeService.commit(open, files, "main", "First");
        String address = gitee.gitUrl("acme", "open");
        Path clone = temp.resolve("clone");
        GiteeService.output(temp, "clone", "--quiet", open.toString(), clone.toString());
        GiteeService.git(
                clone,
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "commit",
                "--quiet",
                "--allow-empty",
                "-m",
                "Merged by Jenkins");
        ScmCheckout.in(build, clone, address);
        assertThatThrownBy(() -> prepare(Sources.CHECKOUT))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("sources: copy");
    }

    @Test
    void aCopyIsAsTheWorkspaceOfTheBuild() throws Exception {
        checkOut("");
        byte[] large = new byte[9_000_001];
        new Random(1).nextBytes(large);
        write(own(), "build/run.sh", "echo");
        Files.setPosixFilePermissions(own().resolve("build/run.sh"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(own().resolve("build/run.sh"), FileTime.fromMillis(1_000_000_000_000L));
        Files.write(own().resolve("build/large.bin"), large);
        Files.createDirectories(own().resolve("empty/folder"));
        write(own(), "\u6587\u4ef6/\ud83d\udc68\u200d\ud83d\udc69.txt", "name");
        Files.createSymbolicLink(own().resolve("build/up"), Path.of("../empty"));
        Files.createSymbolicLink(own().resolve("build/dangling"), Path.of("nowhere"));
        write(there(), "left/over", "by the build before");
        for (int i = 0; i < 2; i++) {
            prepare(Sources.COPY);
            assertThat(tree(there())).isEqualTo(tree(own()));
            assertThat(there().resolve("build/large.bin")).hasBinaryContent(large);
            assertThat(Files.getLastModifiedTime(there().resolve("build/run.sh"))
                            .toMillis())
                    .isEqualTo(1_000_000_000_000L);
            assertThat(GiteeService.output(there(), "status", "--porcelain"))
                    .isEqualTo(GiteeService.output(own(), "status", "--porcelain"));
            write(there(), "build/run.sh", "changed");
            write(there(), "left", "over");
        }
        assertThat(build.root().resolve("workspace@tmp")).isEmptyDirectory();
    }

    private static List<String> tree(Path root) throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path each : paths.sorted().toList()) {
                String name = root.relativize(each).toString();
                all.add(
                        Files.isSymbolicLink(each)
                                ? name + " -> " + Files.readSymbolicLink(each)
                                : Files.isDirectory(each)
                                        ? name + "/"
                                        : name + " " + Files.size(each) + " "
                                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(each))
                                                        .substring(2));
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../outside", "..", "../..", "folder/../../x"})
    void aLinkThatLeadsOutIsNotCopied(String target) throws Exception {
        Files.createDirectories(own().resolve("a"));
        String path = target.equals("..") || target.equals("../..") ? "link" : "a/link";
        Files.createSymbolicLink(own().resolve(path), Path.of(target));
        assertThatThrownBy(() -> prepare(Sources.COPY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The link " + path + " leads out of the workspace");
        assertThat(there()).isEmptyDirectory();
    }

    @Test
    void aWorkspaceThatIsTooLargeIsNotCopied() throws Exception {
        write(own(), "large", "x".repeat(3 << 20));
        assertThatThrownBy(() -> JobSources.prepare(Sources.COPY, build, other, 1 << 20))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("has more than 1 MB");
        assertThat(there()).isEmptyDirectory();
        assertThat(build.root().resolve("workspace@tmp")).isEmptyDirectory();
    }

    @Test
    void noSourcesAreAnEmptyWorkspace() throws Exception {
        write(there(), "left/over", "by the build before");
        Path outside = Files.createDirectories(temp.resolve("outside"));
        write(outside, "mine", "mine");
        Files.createSymbolicLink(there().resolve("link"), outside);
        prepare(Sources.NONE);
        assertThat(there()).isEmptyDirectory();
        assertThat(outside.resolve("mine")).exists();
    }

    @Test
    void theWorkspaceOfTheBuildIsNeverEmptied() throws Exception {
        write(own(), "mine/deep", "mine");
        for (String path : List.of("", "/", "/mine")) {
            LocalBuild same = other.on("local");
            FilePath inside = new FilePath(new java.io.File(own() + path));
            for (Sources sources : Sources.values()) {
                assertThatThrownBy(() -> JobSources.prepare(sources, build, at(same, inside), JobSources.DEFAULT_BYTES))
                        .hasMessageContaining("that of the build itself, or one is inside the other");
            }
        }
        assertThat(own().resolve("mine/deep")).hasContent("mine");
    }

    private static io.jenkins.plugins.minibuild.step.BuildContext at(LocalBuild place, FilePath workspace) {
        return (io.jenkins.plugins.minibuild.step.BuildContext) java.lang.reflect.Proxy.newProxyInstance(
                JobSourcesTest.class.getClassLoader(),
                new Class<?>[] {io.jenkins.plugins.minibuild.step.BuildContext.class},
                (proxy, method, arguments) ->
                        method.getName().equals("workspace") ? workspace : method.invoke(place, arguments));
    }

    @Test
    void severalJobsAreMadeReadyAtOnce() throws Exception {
        checkOut("");
        List<LocalBuild> places = new ArrayList<>();
        LocalBuild last = other;
        for (int i = 0; i < 4; i++) {
            last = last.beside().on("agent-" + i);
            build.facts().forEach(last::remember);
            places.add(last);
        }
        ExecutorService jobs = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                LocalBuild place = places.get(i);
                Sources sources = i % 2 == 0 ? Sources.COPY : Sources.CHECKOUT;
                all.add(jobs.submit(() -> {
                    JobSources.prepare(sources, build, place, JobSources.DEFAULT_BYTES);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            jobs.shutdownNow();
        }
        for (LocalBuild place : places) {
            assertThat(Path.of(place.workspace().getRemote()).resolve("app.json"))
                    .hasContent("first");
        }
    }

    // ---- agents that lie

    /** Writes bytes of a bundle. */
    private interface Script {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bundle(Script script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        script.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void link(DataOutputStream out, String path, String target) throws IOException {
        out.writeByte(2);
        text(out, path);
        text(out, target);
    }

    private static void file(DataOutputStream out, String path) throws IOException {
        out.writeByte(3);
        text(out, path);
        out.writeInt(0777);
        out.writeLong(1);
        out.writeInt(7);
        out.write("planted".getBytes(StandardCharsets.UTF_8));
        out.writeInt(0);
    }

    static Stream<byte[]> evilBundles() throws IOException {
        return Stream.of(
                bundle(out -> file(out, "../outside/planted")),
                bundle(out -> file(out, "/planted")),
                bundle(out -> file(out, "a/../../outside/planted")),
                bundle(out -> {
                    link(out, "out", "../outside");
                    file(out, "out/planted");
                }),
                bundle(out -> link(out, "out", "/etc")),
                // "up" is the workspace itself, so that "up/../outside" is beside it
                bundle(out -> {
                    link(out, "up", ".");
                    link(out, "q", "up/../outside");
                    file(out, "q/planted");
                }),
                // not even through one that stays inside
                bundle(out -> {
                    link(out, "inside", "folder");
                    file(out, "inside/planted");
                    out.writeByte(0);
                }),
                bundle(out -> out.writeByte(9)),
                bundle(out -> {
                    out.writeByte(3);
                    text(out, "file");
                    out.writeInt(0);
                    out.writeLong(0);
                    out.writeInt(-5);
                }),
                bundle(out -> {
                    out.writeByte(3);
                    text(out, "file");
                    out.writeInt(0);
                    out.writeLong(0);
                    out.writeInt(Integer.MAX_VALUE);
                }),
                bundle(out -> file(out, "no-end")),
                new byte[0],
                new byte[(4 << 20) + 1]);
    }

    @ParameterizedTest
    @MethodSource("evilBundles")
    void aBundleOfAnAgentWritesNothingOutside(byte[] bundle) throws Exception {
        Path outside = Files.createDirectories(there().resolveSibling("outside"));
        Class<?> asked = Class.forName(JobSources.class.getName() + "$ReadChunk");
        build.on(HostileAgent.answering(asked, bundle).channel());
        assertThatThrownBy(() -> prepare(Sources.COPY)).isInstanceOf(IOException.class);
        assertThat(outside).isEmptyDirectory();
    }

    /** Each answer of the agent goes on where the last one ended. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAgentThatSendsWithoutEndIsStopped(boolean small) throws Exception {
        byte[] entry = bundle(out -> {
            out.writeByte(small ? 1 : 3);
            text(out, "aaaaa");
            if (!small) {
                out.writeInt(0);
                out.writeLong(0);
                out.writeInt((1 << 16) - 28);
                out.write(new byte[(1 << 16) - 28]);
                out.writeInt(0);
            }
        });
        byte[] answer = new byte[4 << 20];
        for (int i = 0; i < answer.length; i += entry.length) {
            System.arraycopy(entry, 0, answer, i, entry.length);
        }
        Class<?> asked = Class.forName(JobSources.class.getName() + "$ReadChunk");
        HostileAgent agent = HostileAgent.answering(asked, answer);
        build.on(agent.channel());
        assertThatThrownBy(() -> JobSources.prepare(Sources.COPY, build, other, 20 << 20))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("has more than 20 MB or 200,000 files");
        assertThat(agent.lies()).isLessThan(10);
    }

    @Test
    void aCopyCanBeInterrupted() throws Exception {
        write(own(), "one", "1");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> prepare(Sources.COPY)).isInstanceOf(InterruptedException.class);
        } finally {
            Thread.interrupted();
        }
        assertThat(there().resolve("one")).doesNotExist();
        assertThat(build.root().resolve("workspace@tmp")).isEmptyDirectory();
    }

    /** The agent checks once more what the controller sends. */
    @ParameterizedTest
    @CsvSource({"../planted", "a/../../planted", "/planted", "''"})
    void nothingIsDeliveredOutside(String path) throws Exception {
        Delivery delivery = new Delivery(other.workspace());
        assertThatThrownBy(() -> {
                    delivery.file(path, new ByteArrayInputStream(new byte[] {1}), 10, -1, 0);
                    delivery.flush();
                })
                .isInstanceOf(IOException.class);
        assertThat(there()).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "link, x, true",
        "link, ./x/y, true",
        "link, .., false",
        "link, '', false",
        "link, /x, false",
        "a/link, .., true",
        "a/link, ../.., false",
        "a/b/link, ../../c, true",
        "a/b/link, ../../../c, false",
        "a/link, x/../y, false",
        "a/link, .././../x, false"
    })
    void linksStayBelow(String path, String target, boolean stays) {
        assertThat(WorkspacePath.staysBelow(path, target)).isEqualTo(stays);
    }
}
