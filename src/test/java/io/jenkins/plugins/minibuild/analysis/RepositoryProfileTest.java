package io.jenkins.plugins.minibuild.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryProfileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String WHOLE = """
            {"modules":[{"path":".","description":"all","files":3}],"techStack":["Java 17"],"entryPoints":["src/Main.java"],
             "directoryStructure":[{"path":"src","purpose":"code"}],
             "codeStyle":{"naming":"a","errorHandling":"b","testFramework":"c"},"buildCommands":["mvn verify"],"testCommands":[]}
            """;

    @TempDir
    private Path folder;

    @Test
    void isTheSameAfterWritingAndReading() throws Exception {
        RepositoryProfile profile = RepositoryProfile.read(JSON.readTree(WHOLE));

        assertThat(RepositoryProfile.parse(profile.toJson())).isEqualTo(profile);
        assertThat(profile.toMap().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        fields(JSON.readTree(RepositoryProfile.SCHEMA).path("properties")));
    }

    @Test
    void namesEveryMistakeByItsPlace() throws Exception {
        JsonNode wrong = JSON.readTree(WHOLE.replace("\"files\":3", "\"files\":-3")
                .replace("\"path\":\".\"", "\"path\":\"C:\\\\x\"")
                .replace("\"Java 17\"", "17")
                .replace("\"src/Main.java\"", "\"" + "x".repeat(301) + "\"")
                .replace("\"naming\":\"a\"", "\"naming\":\"" + "y".repeat(2001) + "\"")
                .replace("\"testCommands\":[]", "\"testCommands\":null"));

        assertThatThrownBy(() -> RepositoryProfile.read(wrong))
                .isInstanceOf(RepositoryProfile.InvalidException.class)
                .hasMessageContaining("modules[0].path: ")
                .hasMessageContaining("modules[0].files: ")
                .hasMessageContaining("techStack[0]: ")
                .hasMessageContaining("entryPoints[0]: 301 characters")
                .hasMessageContaining("codeStyle.naming: 2,001 characters")
                .hasMessageContaining("testCommands: ");
        assertThatThrownBy(() -> RepositoryProfile.parse("{\"modules\":"))
                .isInstanceOf(RepositoryProfile.InvalidException.class);
        String many = "\"x\",".repeat(200) + "\"x\"";
        assertThatThrownBy(() -> RepositoryProfile.parse(WHOLE.replace("\"Java 17\"", many)))
                .hasMessageContaining("techStack: 201 entries");
    }

    @Test
    void theCacheForgetsTheOldestAndWhatIsBroken() throws Exception {
        ProfileCache cache = new ProfileCache(folder);
        RepositoryProfile profile = RepositoryProfile.parse(WHOLE);
        String key = ProfileCache.key("job", "url", "commit");
        assertThat(cache.find(key)).isEmpty();
        cache.put(key, profile);
        assertThat(cache.find(key)).contains(profile);
        assertThat(ProfileCache.key("jo", "burl", "commit")).isNotEqualTo(key);
        Path file = folder.resolve("claude-profiles/" + key + ".json");

        assertThat(file.toFile().setLastModified(1000)).isTrue();
        for (int i = 0; i < ProfileCache.MOST; i++) {
            cache.put("k" + i, profile);
        }

        assertThat(file).doesNotExist();
        Files.writeString(file, "{");
        assertThat(cache.find(key)).isEmpty();
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
