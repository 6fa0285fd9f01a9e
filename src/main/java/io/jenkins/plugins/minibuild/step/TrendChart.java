package io.jenkins.plugins.minibuild.step;

import edu.hm.hafner.echarts.JacksonFacade;
import edu.hm.hafner.echarts.line.LineSeries;
import edu.hm.hafner.echarts.line.LinesChartModel;
import java.util.List;

/**
 * A line over the builds of a job, which the page draws by Jenkins' ECharts plugin. Its view {@code chart.jelly} shows the numbers in a table
 * too, for readers who cannot see the line. Immutable.
 */
public final class TrendChart {
    /** The blue of Jenkins' palette; the ECharts plugin replaces the name by the color of the user's theme. */
    private static final String COLOR = "--blue";

    private final String name;
    private final List<Point> points;
    private final Double highest;

    /**
     * One build of the line.
     *
     * @param number the number of the build
     * @param build its name for people
     * @param value in the unit of the chart
     * @param label the value for people
     */
    public record Point(int number, String build, double value, String label) {}

    private TrendChart(String name, List<Point> points, Double highest) {
        this.name = name;
        this.points = List.copyOf(points);
        this.highest = highest;
    }

    /**
     * A chart whose scale begins at 0 and ends at the highest value.
     *
     * @param name the name of the line with its unit, for people
     * @param points the builds, the oldest first
     */
    public static TrendChart of(String name, List<Point> points) {
        return new TrendChart(name, points, null);
    }

    /** As {@link #of}, with a scale that ends at {@code highest}. */
    public static TrendChart of(String name, List<Point> points, double highest) {
        return new TrendChart(name, points, highest);
    }

    /** The name of the line with its unit. */
    public String getName() {
        return name;
    }

    /** The builds, the oldest first. */
    public List<Point> getPoints() {
        return points;
    }

    /** The JSON from which the ECharts plugin draws. */
    public String getModel() {
        LinesChartModel model = new LinesChartModel(
                points.stream().map(Point::build).toList(),
                points.stream().map(Point::number).toList());
        LineSeries line = new LineSeries(
                name,
                COLOR,
                LineSeries.StackedMode.SEPARATE_LINES,
                LineSeries.FilledMode.LINES,
                points.stream().map(Point::value).toList());
        model.addSeries(line);
        model.setRangeMin(0);
        if (highest != null) {
            model.setRangeMax(highest);
        }
        // The plugin would also replace names of colors and fonts in the names of builds, and their values can contain
        // quotation marks.
        return new JacksonFacade()
                .toJson(model)
                .replace("--", "-\\u002d")
                .replace("\"-\\u002dblue\"", "\"" + COLOR + "\"");
    }
}
