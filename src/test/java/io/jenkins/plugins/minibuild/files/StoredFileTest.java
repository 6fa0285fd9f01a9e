package io.jenkins.plugins.minibuild.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFileTest {
    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(record.getLevel() + " " + new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        Logger.getLogger(StoredFile.class.getName()).addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger(StoredFile.class.getName()).removeHandler(handler);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":", "\u0000\u0000\u0000"})
    void aDamagedFileIsSetAsideWithOneLine(String content) throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(file, content);

        assertThat(StoredFile.readOrSetAside(file, StoredFileTest::parse)).isEmpty();

        assertThat(log).hasSize(1);
        assertThat(log.get(0)).startsWith("WARNING").contains("state.json").doesNotContain("\n");
        try (Stream<Path> left = Files.list(folder)) {
            List<Path> files = left.toList();
            assertThat(files).hasSize(1);
            assertThat(files.get(0).getFileName().toString()).startsWith("state.json.broken-");
            assertThat(files.get(0)).hasContent(content);
        }
        StoredFile.replace(file, "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(StoredFile.readOrSetAside(file, StoredFileTest::parse)).isPresent();
    }

    @Test
    void anAbsentFileIsNothingToTell() throws Exception {
        assertThat(StoredFile.readOrSetAside(folder.resolve("none"), StoredFileTest::parse))
                .isEmpty();
        assertThat(StoredFile.read(folder.resolve("none"))).isEmpty();
        assertThat(log).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadStaysWhereItIs() throws Exception {
        Path file = Files.createDirectory(folder.resolve("state.json"));
        assertThatThrownBy(() -> StoredFile.readOrSetAside(file, StoredFileTest::parse))
                .isInstanceOf(IOException.class);
        assertThat(file).exists();
    }

    @Test
    void replacesAlsoOnAnInterruptedThreadAndLeavesNoOtherFile() throws Exception {
        Path file = folder.resolve("deep/state.json");
        Thread.currentThread().interrupt();
        StoredFile.replace(file, "one".getBytes(StandardCharsets.UTF_8));
        assertThat(Thread.interrupted()).isTrue();
        StoredFile.replace(file, "two".getBytes(StandardCharsets.UTF_8));
        assertThat(file).hasContent("two");
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertThat(left).hasSize(1);
        }
    }

    private static JsonNode parse(byte[] content) throws IOException {
        return Json.parse(content);
    }
}
