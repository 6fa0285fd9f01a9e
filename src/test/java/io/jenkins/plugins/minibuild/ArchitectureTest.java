package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The plugin keeps the rules of the house; and each rule finds a class that was planted to break it. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java/io/jenkins/plugins/minibuild");
    private static final String ROOT = "io.jenkins.plugins.minibuild.";

    @TestFactory
    Stream<DynamicTest> thePluginKeeps() {
        HouseRules house = new HouseRules(
                ROOT,
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.jenkins.plugins.minibuild"));
        return house.names().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule, () -> assertThat(house.violations(rule)).isEmpty()));
    }

    /** In the planted house each broken rule has one room or class, named for it, and nothing else is wrong with it. */
    @TestFactory
    Stream<DynamicTest> aPlantedViolationIsFound() {
        String planted = ROOT + "planted.";
        HouseRules house = new HouseRules(planted, new ClassFileImporter().importPackages(ROOT + "planted"));
        return house.names().stream()
                .map(rule -> DynamicTest.dynamicTest(rule, () -> {
                    String culprit = PlantedViolations.CULPRITS.get(rule);
                    assertThat(culprit).as("a planted violation of the rule").isNotNull();
                    assertThat(house.violations(rule)).isNotEmpty().allSatisfy(line -> assertThat(line)
                            .contains(culprit));
                }));
    }

    /** docs/architecture.md has a line for every room, and the classes that it tells a newcomer to begin with are there. */
    @Test
    void thePageNamesEveryRoom() throws IOException {
        Map<String, List<String>> named = new LinkedHashMap<>();
        Pattern line = Pattern.compile("\\| `([a-z/]+)/` \\|[^|]*\\|([^|]*)\\|");
        for (String each : Files.readAllLines(Path.of("docs/architecture.md"))) {
            Matcher matcher = line.matcher(each);
            if (matcher.matches()) {
                named.put(
                        matcher.group(1),
                        Pattern.compile("`(\\w+)`")
                                .matcher(matcher.group(2))
                                .results()
                                .map(found -> found.group(1))
                                .toList());
            }
        }
        assertThat(named.keySet()).containsExactlyInAnyOrderElementsOf(lines().keySet());
        List<String> order = named.keySet().stream()
                .map(room -> room.replaceFirst("/.*", ""))
                .distinct()
                .toList();
        assertThat(order)
                .isEqualTo(HouseRules.FLOORS.stream().filter(order::contains).toList());
        named.forEach((room, begin) -> assertThat(begin).isNotEmpty().allSatisfy(type -> assertThat(
                        SOURCES.resolve(room).resolve(type + ".java"))
                .exists()));
    }

    /** A room that grows past a seventh of the house is two rooms. */
    @Test
    void noRoomIsTooBig() throws IOException {
        Map<String, Long> lines = lines();
        long all = lines.values().stream().mapToLong(each -> each).sum();
        lines.forEach((room, count) -> assertThat(100.0 * count / all)
                .as("per cent of the lines in %s", room)
                .isLessThanOrEqualTo(14));
    }

    /** Lines of code by room; a room inside a room counts by itself. */
    private static Map<String, Long> lines() throws IOException {
        Map<String, Long> lines = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String room = SOURCES.relativize(file.getParent()).toString().replace(File.separatorChar, '/');
                try (Stream<String> content = Files.lines(file)) {
                    lines.merge(room, content.count(), Long::sum);
                }
            }
        }
        return lines;
    }
}
