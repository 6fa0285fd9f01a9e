package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts and styles that pages ask for by {@code st:adjunct}. */
class AdjunctTest {
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Pattern ADJUNCT =
            Pattern.compile("adjunct includes=\"(io\\.jenkins\\.plugins\\.minibuild\\.[^\"]+)\"");

    /** Jenkins shows a view of the same name in the place of the script: a chart inside its own chart. */
    @Test
    void eachIsThereAndNoViewHasItsName() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            for (Path view :
                    files.filter(each -> each.toString().endsWith(".jelly")).toList()) {
                Matcher matcher = ADJUNCT.matcher(Files.readString(view));
                while (matcher.find()) {
                    names.add(matcher.group(1));
                }
            }
        }
        assertThat(names).isNotEmpty().allSatisfy(name -> {
            String file = name.replace('.', '/');
            assertThat(Files.exists(RESOURCES.resolve(file + ".js")) || Files.exists(RESOURCES.resolve(file + ".css")))
                    .isTrue();
            assertThat(RESOURCES.resolve(file + ".jelly")).doesNotExist();
        });
    }
}
