package io.jenkins.plugins.minibuild.step;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A line over the builds of a job, drawn as SVG by the page: no script and no picture service. Its numbers are a table beside it, for who
 * cannot see the line. Immutable.
 */
public final class TrendChart {

    /** The size of the drawing, without its margins. */
    public static final int WIDTH = 440;

    /** See {@link #WIDTH}. */
    public static final int HEIGHT = 120;

    private final List<Point> points;

    private TrendChart(List<Point> points) {
        this.points = points;
    }

    /**
     * Draws.
     *
     * @param builds names of builds, the oldest first
     * @param values one a build
     * @param labels the values for people
     */
    public static TrendChart of(List<String> builds, List<Long> values, List<String> labels) {
        return of(builds, values, labels, values.isEmpty() ? 1 : Collections.max(values));
    }

    /**
     * Draws, on a scale of its own.
     *
     * @param builds names of builds, the oldest first
     * @param values one a build
     * @param labels the values for people
     * @param highest the value at the top of the drawing
     */
    public static TrendChart of(List<String> builds, List<Long> values, List<String> labels, long highest) {
        double top = Math.max(1, highest);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            double x = values.size() == 1 ? WIDTH / 2.0 : i * (double) WIDTH / (values.size() - 1);
            points.add(new Point(builds.get(i), labels.get(i), x, HEIGHT - values.get(i) / top * HEIGHT));
        }
        return new TrendChart(points);
    }

    /** The builds, the oldest first. */
    public List<Point> getPoints() {
        return points;
    }

    /** The line as SVG writes it. */
    public String getLine() {
        StringBuilder line = new StringBuilder();
        points.forEach(point -> line.append(line.length() == 0 ? "" : " ")
                .append(point.getX())
                .append(',')
                .append(point.getY()));
        return line.toString();
    }

    /** The label of the highest value. */
    public String getHighest() {
        return points.stream()
                .filter(point -> point.y == 0)
                .findFirst()
                .map(Point::getLabel)
                .orElse("");
    }

    /** One build. */
    public static final class Point {
        private final String build;
        private final String label;
        private final double x;
        private final double y;

        private Point(String build, String label, double x, double y) {
            this.build = build;
            this.label = label;
            this.x = x;
            this.y = y;
        }

        /** The name of the build. */
        public String getBuild() {
            return build;
        }

        /** The value for people. */
        public String getLabel() {
            return label;
        }

        /** From the left. */
        public String getX() {
            return String.format(Locale.ROOT, "%.1f", x);
        }

        /** From the top. */
        public String getY() {
            return String.format(Locale.ROOT, "%.1f", y);
        }
    }
}
