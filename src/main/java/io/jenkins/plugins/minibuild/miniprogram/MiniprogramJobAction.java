package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.TrendChart;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/**
 * Shows on the page of a job its last QR code and how sizes and durations change; {@code lastPreview} under it is an address that stays
 * the same from build to build. Made for each view of the page; never stored.
 */
public final class MiniprogramJobAction implements Action {

    private static final double MEGABYTE = 1024.0 * 1024;
    private static final double SECOND = 1000;

    private final Job<?, ?> job;
    /** From the newest to the oldest. */
    private final List<MiniprogramAction> builds;

    MiniprogramJobAction(Job<?, ?> job, List<MiniprogramAction> builds) {
        this.job = job;
        this.builds = new ArrayList<>(builds);
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return Messages.Action_displayName();
    }

    @Override
    public String getUrlName() {
        return "miniprogram";
    }

    /** The job. */
    public Job<?, ?> getJob() {
        return job;
    }

    /** The action of the build that made the last code; null when there is none. */
    @CheckForNull
    public MiniprogramAction getBuild() {
        return builds.stream()
                .filter(each -> each.getLastPreview() >= 0)
                .findFirst()
                .orElse(null);
    }

    /** The number of the entry with the code, for its address; -1 when there is none. */
    public int getNumber() {
        MiniprogramAction build = getBuild();
        return build == null ? -1 : build.getLastPreview();
    }

    /** The preview; null when there is none. */
    @CheckForNull
    public MiniprogramAction.Entry getPreview() {
        MiniprogramAction build = getBuild();
        return build == null ? null : build.getEntries().get(build.getLastPreview());
    }

    /** The picture of the last code, at an address that stays the same. */
    @GET
    public void doLastPreviewImage(StaplerResponse2 response) throws IOException {
        job.checkPermission(Item.READ);
        MiniprogramAction build = getBuild();
        if (build == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        build.serve(response, build.getLastPreview());
    }

    /** Whether there are enough builds for a line. */
    public boolean isTrend() {
        return builds.size() > 1;
    }

    /** The size of all packages, build by build. */
    public TrendChart getSizes() {
        return chart(
                Messages.MiniprogramJobAction_sizes(), MiniprogramAction.Entry::getSize, MEGABYTE, PackageSizes::human);
    }

    /** The durations of the builds. */
    public TrendChart getDurations() {
        return chart(
                Messages.MiniprogramJobAction_durations(),
                MiniprogramAction.Entry::getDuration,
                SECOND,
                millis -> String.format(Locale.ROOT, "%.1f s", millis / SECOND));
    }

    private TrendChart chart(
            String name, Function<MiniprogramAction.Entry, Long> value, double unit, Function<Long, String> label) {
        List<TrendChart.Point> points = new ArrayList<>();
        for (MiniprogramAction each : builds) {
            List<MiniprogramAction.Entry> entries = each.getEntries();
            Run<?, ?> run = each.getRun();
            if (!entries.isEmpty() && run != null) {
                long last = value.apply(entries.get(entries.size() - 1));
                points.add(new TrendChart.Point(
                        run.getNumber(),
                        run.getDisplayName(),
                        Math.round(last / unit * 100) / 100.0,
                        label.apply(last)));
            }
        }
        Collections.reverse(points);
        return TrendChart.of(name, points);
    }
}
