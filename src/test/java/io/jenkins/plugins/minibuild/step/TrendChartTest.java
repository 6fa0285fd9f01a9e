package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.files.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrendChartTest {
    private static final List<TrendChart.Point> POINTS = List.of(
            new TrendChart.Point(7, "#7", 1.25, "1.2 MB"),
            new TrendChart.Point(9, "#9 --font-family --blue", 2, "2.0 MB"));

    @Test
    void modelHoldsTheBuildsTheirNumbersAndTheirValues() throws Exception {
        JsonNode model = Json.MAPPER.readTree(TrendChart.of("Size (MB)", POINTS).getModel());

        assertThat(model.path("domainAxisLabels").toString()).isEqualTo("[\"#7\",\"#9 --font-family --blue\"]");
        assertThat(model.path("buildNumbers").toString()).isEqualTo("[7,9]");
        JsonNode line = model.path("series").path(0);
        assertThat(line.path("name").asText()).isEqualTo("Size (MB)");
        assertThat(line.path("data").toString()).isEqualTo("[1.25,2.0]");
        assertThat(line.path("itemStyle").path("color").asText()).isEqualTo("--blue");
        assertThat(model.path("rangeMin").asDouble()).isZero();
        assertThat(model.path("rangeMax").isNumber()).isFalse();
    }

    @Test
    void scaleEndsAtTheHighestValueThatIsPossible() throws Exception {
        assertThat(Json.MAPPER
                        .readTree(TrendChart.of("Score", POINTS, 100).getModel())
                        .path("rangeMax")
                        .asDouble())
                .isEqualTo(100);
    }

    @Test
    void onlyTheColorOfTheLineIsLeftForTheThemeToReplace() {
        assertThat(TrendChart.of("Size --font-family", POINTS).getModel().replace("\"--blue\"", ""))
                .doesNotContain("--");
    }
}
