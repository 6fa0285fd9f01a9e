package io.jenkins.plugins.minibuild.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/security.md names who attacks and what shows that they are stopped. */
class SecurityPageTest {
    private static final Path PAGE = Path.of("docs/security.md");

    @Test
    void theTestsThatThePageNamesAreThere() throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher matcher = Pattern.compile("`(\\w+(?:Test|IT))`").matcher(Files.readString(PAGE));
        while (matcher.find()) {
            named.add(matcher.group(1));
        }
        Set<String> there = new TreeSet<>();
        for (String sources : List.of("src/test/java", "src/jenkins-test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(sources))) {
                files.forEach(each -> there.add(each.getFileName().toString().replaceFirst("\\.java$", "")));
            }
        }
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(there).containsAll(named);
    }

    /** A row of a threat has four cells: who, what, what stops it, which test. */
    @Test
    void everyThreatSaysWhatStopsIt() throws IOException {
        String threats =
                Files.readString(PAGE).replaceFirst("(?s).*\n## Threats\n", "").replaceFirst("(?s)\n## .*", "");
        assertThat(threats.lines().filter(each -> each.startsWith("|")))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.split("\\|", -1)).as(row).hasSize(6))
                .noneMatch(row -> row.contains("nothing yet"));
    }
}
