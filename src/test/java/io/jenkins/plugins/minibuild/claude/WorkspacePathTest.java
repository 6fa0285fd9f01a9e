package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspacePathTest {
    @TempDir
    Path root;

    @Test
    void aTextIsReadFromInsideAlsoThroughALink() throws Exception {
        FilePath workspace =
                new FilePath(Files.createDirectory(root.resolve("ws")).toFile());
        Files.writeString(Files.createDirectory(root.resolve("ws/docs")).resolve("r.md"), "北京");
        Files.createSymbolicLink(root.resolve("ws/link.md"), Path.of("docs/r.md"));
        assertThat(WorkspacePath.text(workspace, "docs/r.md", 100)).isEqualTo("北京");
        assertThat(WorkspacePath.text(workspace, "link.md", 6)).isEqualTo("北京");
        assertThatThrownBy(() -> WorkspacePath.text(workspace, "link.md", 5)).isInstanceOf(AbortException.class);
    }

    @Test
    void aTextOutsideIsNotRead() throws Exception {
        FilePath workspace =
                new FilePath(Files.createDirectory(root.resolve("ws")).toFile());
        Files.writeString(root.resolve("secret"), "key");
        Files.createSymbolicLink(root.resolve("ws/link"), root.resolve("secret"));
        Files.createSymbolicLink(root.resolve("ws/folder"), root);
        for (String path : new String[] {
            "link", "folder/secret", "../secret", root.resolve("secret").toString()
        }) {
            assertThatThrownBy(() -> WorkspacePath.text(workspace, path, 100)).isInstanceOf(AbortException.class);
        }
        assertThatThrownBy(() -> WorkspacePath.folder(workspace, "folder")).isInstanceOf(AbortException.class);
    }

    @Test
    void anAgentThatSendsMoreThanAskedIsRefused() {
        HostileAgent agent = HostileAgent.answering(null, new byte[100]);
        assertThatThrownBy(() -> WorkspacePath.text(agent.file(root.toFile()), "a", 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("agent");
    }
}
