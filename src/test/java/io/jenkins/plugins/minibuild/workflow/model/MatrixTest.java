package io.jenkins.plugins.minibuild.workflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatrixTest {
    private static Map<String, List<String>> axes() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("node", List.of("18", "20"));
        axes.put("os", List.of("linux", "mac"));
        return axes;
    }

    private static List<String> values(Matrix matrix) {
        return matrix.combinations().stream()
                .map(each -> String.join(" ", each.values()))
                .toList();
    }

    @Test
    void theLastAxisChangesFirst() {
        assertThat(values(new Matrix(axes(), List.of(), List.of(), 0)))
                .containsExactly("18 linux", "18 mac", "20 linux", "20 mac");
    }

    @Test
    void anExclusionMayNameAPartOfTheAxes() {
        assertThat(values(new Matrix(
                        axes(), List.of(), List.of(Map.of("os", "mac"), Map.of("node", "18", "os", "linux")), 0)))
                .containsExactly("20 linux");
    }

    @Test
    void anInclusionThatAgreesWithCombinationsGivesThemItsOtherValues() {
        assertThat(values(new Matrix(axes(), List.of(Map.of("node", "20", "flag", "new")), List.of(), 0)))
                .containsExactly("18 linux", "18 mac", "20 linux new", "20 mac new");
    }

    @Test
    void anInclusionWithoutAxesIsForAllCombinations() {
        assertThat(values(new Matrix(axes(), List.of(Map.of("flag", "new")), List.of(Map.of("os", "mac")), 0)))
                .containsExactly("18 linux new", "20 linux new");
    }

    @Test
    void anInclusionThatAgreesWithNoneIsACombinationOfItsOwn() {
        assertThat(values(new Matrix(axes(), List.of(Map.of("node", "22")), List.of(Map.of("node", "18")), 0)))
                .containsExactly("20 linux", "20 mac", "22");
    }

    @Test
    void inclusionsAloneAreCombinations() {
        assertThat(values(new Matrix(Map.of(), List.of(Map.of("a", "1"), Map.of("a", "2")), List.of(), 0)))
                .containsExactly("1", "2");
    }
}
