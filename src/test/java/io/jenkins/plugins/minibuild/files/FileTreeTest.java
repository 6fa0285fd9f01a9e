package io.jenkins.plugins.minibuild.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    Path root;

    private String read(String path) throws IOException {
        try (var in = Channels.newInputStream(FileTree.open(root, Path.of(path)))) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Test
    void opensWhatIsReallyThere() throws IOException {
        Files.writeString(Files.createDirectories(root.resolve("a/b")).resolve("file"), "deep");
        Files.writeString(root.resolve("a/a"), "same name");
        Files.writeString(root.resolve("file"), "top");
        assertThat(read("a/b/file")).isEqualTo("deep");
        assertThat(read("a/a")).isEqualTo("same name");
        assertThat(read("file")).isEqualTo("top");
        assertThatThrownBy(() -> read("missing")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("a/b")).isInstanceOf(IOException.class);
    }

    /** Somebody can replace a part of a path by a link after it was looked at. */
    @Test
    void noPartOfThePathMayBeALink() throws IOException {
        Files.writeString(Files.createDirectories(root.resolve("a/b")).resolve("file"), "secret");
        Files.createSymbolicLink(root.resolve("link"), Path.of("a/b/file"));
        Files.createSymbolicLink(root.resolve("folder"), Path.of("a"));
        Files.createSymbolicLink(root.resolve("a/inner"), Path.of("b"));
        for (String path : new String[] {"link", "folder/b/file", "a/inner/file"}) {
            assertThat(root.resolve(path)).hasContent("secret");
            assertThatThrownBy(() -> read(path)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFolderBelowIsNoLink() throws IOException {
        Path folder = Files.createDirectories(root.resolve("a/b"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
        assertThat(FileTree.below(root, "a/b")).isEqualTo(folder);
        assertThat(FileTree.below(root, "missing/too")).isEqualTo(root.resolve("missing/too"));
        assertThatThrownBy(() -> FileTree.below(root, "link/b")).hasMessageContaining("link");
    }
}
