package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedObjectsTest {
    @TempDir
    Path root;

    private Path from;
    private Path to;
    private CheckedObjects objects;

    @BeforeEach
    void repositories() throws Exception {
        LocalBuild build = LocalBuild.in(root.resolve("build"));
        from = root.resolve("from's $1 place.git");
        to = root.resolve("to.git");
        GiteeService.git(root, "init", "--quiet", "--bare", from.toString());
        GiteeService.git(root, "init", "--quiet", "--bare", to.toString());
        objects = new CheckedObjects(path(to), (repository, arguments) -> {
            List<String> command = new ArrayList<>(List.of("git", "--git-dir=" + repository.getRemote()));
            command.addAll(arguments);
            return ProcessRun.command(build.launcher(), command).onErrorLine(line -> {});
        });
    }

    @Test
    void anObjectHasTheNameOfItsContent() throws Exception {
        String good = written("blob", "good()\n".getBytes(StandardCharsets.UTF_8));
        String evil = written("blob", "evil()\n".getBytes(StandardCharsets.UTF_8));
        String kept = written("blob", "kept()\n".getBytes(StandardCharsets.UTF_8));
        Files.delete(loose(evil));
        Files.copy(loose(good), loose(evil));
        assertThat(GiteeService.output(from, "cat-file", "blob", evil))
                .as("git believes the name")
                .isEqualTo("good()");

        objects.take(path(from), List.of(evil, kept));

        assertThat(GiteeService.output(to, "cat-file", "blob", kept)).isEqualTo("kept()");
        assertThat(GiteeService.output(to, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
                        .lines())
                .as("what came in, by its own names")
                .containsExactlyInAnyOrder(good, kept);
    }

    @Test
    void thePackOfACloneIsNotBelievedEither() throws Exception {
        String good = written("blob", "good()\n".getBytes(StandardCharsets.UTF_8));
        String evil = written("blob", "evil()\n".getBytes(StandardCharsets.UTF_8));
        Path pack = from.resolve("objects/pack");
        ProcessBuilder packing = new ProcessBuilder(
                        "git", "pack-objects", "-q", pack.resolve("pack").toString())
                .directory(from.toFile())
                .redirectInput(
                        Files.writeString(root.resolve("ids"), good + "\n").toFile());
        assertThat(packing.start().waitFor()).isZero();
        Files.delete(loose(good));
        Files.delete(loose(evil));
        // The index of a pack says which names its objects have: the name of the good one becomes the evil one's.
        Path index;
        try (var files = Files.list(pack)) {
            index = files.filter(each -> each.toString().endsWith(".idx"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(index);
        Files.delete(index);
        int table = 8;
        for (int first = 0; first < 256; first++) {
            bytes[table + 4 * first + 3] = (byte) (first >= Integer.parseInt(evil.substring(0, 2), 16) ? 1 : 0);
        }
        System.arraycopy(java.util.HexFormat.of().parseHex(evil), 0, bytes, table + 4 * 256, 20);
        Files.write(index, bytes);
        assertThat(GiteeService.output(from, "cat-file", "blob", evil))
                .as("git believes the index")
                .isEqualTo("good()");

        objects.take(path(from), List.of(evil));

        assertThat(GiteeService.output(to, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"))
                .isEqualTo(good);
    }

    @Test
    void nothingButTheObjectsComesAlong() throws Exception {
        String asked = written("blob", "asked\n".getBytes(StandardCharsets.UTF_8));
        written("blob", "other\n".getBytes(StandardCharsets.UTF_8));
        GiteeService.git(from, "config", "core.fsmonitor", "touch " + root.resolve("pwned"));

        objects.take(path(from), List.of(asked));
        objects.take(path(from), List.of(asked));

        assertThat(to.resolve("objects/info/alternates")).doesNotExist();
        assertThat(root.resolve("pwned")).doesNotExist();
        assertThat(to.resolve("objects/pack").toFile().listFiles((folder, name) -> name.endsWith(".pack")))
                .as("what is there is not copied again")
                .hasSize(1);
        assertThat(GiteeService.output(to, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"))
                .isEqualTo(asked);
    }

    @Test
    void aMalformedObjectIsToldFromAMissingOneEvenIfMuchFollows() throws Exception {
        List<String> ids = new ArrayList<>();
        // A tree with an entry that a checkout would write into its own repository.
        byte[] entry = "100644 .git\0".getBytes(StandardCharsets.US_ASCII);
        byte[] tree = java.util.Arrays.copyOf(entry, entry.length + 20);
        ids.add(written("tree", tree));
        Random random = new Random(1);
        for (int i = 0; i < 5; i++) {
            byte[] much = new byte[300_000];
            random.nextBytes(much);
            ids.add(written("blob", much));
        }

        assertThatThrownBy(() -> objects.take(path(from), ids))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("malformed")
                .hasMessageContaining("fsck error");

        String nowhere = "0123456789012345678901234567890123456789";
        assertThatThrownBy(() -> objects.take(path(from), List.of(ids.get(1), nowhere)))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("cannot read all objects")
                .hasMessageContaining(nowhere);
    }

    private String written(String type, byte[] content) throws Exception {
        File file = Files.write(root.resolve("content"), content).toFile();
        return GiteeService.output(from, "hash-object", "-w", "--literally", "-t", type, file.getPath());
    }

    private Path loose(String id) {
        return from.resolve("objects").resolve(id.substring(0, 2)).resolve(id.substring(2));
    }

    private static FilePath path(Path folder) {
        return new FilePath(folder.toFile());
    }
}
