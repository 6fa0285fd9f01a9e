package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The plugin keeps the rules of the house; and each rule finds a class that was planted to break it. */
class ArchitectureTest {
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
}
