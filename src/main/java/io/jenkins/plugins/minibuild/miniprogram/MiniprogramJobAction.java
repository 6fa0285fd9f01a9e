package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.TrendChart;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.kohsuke.stapler.QueryParameter;
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

    /** The programs of the builds, the one that was shipped last first. No chart and no QR code mixes two. */
    public List<Program> getPrograms() {
        Map<String, Program> programs = new LinkedHashMap<>();
        for (MiniprogramAction build : builds) {
            List<MiniprogramAction.Entry> entries = build.getEntries();
            for (int i = entries.size() - 1; i >= 0; i--) {
                programs.computeIfAbsent(entries.get(i).getProgram(), name -> new Program(name, builds));
            }
        }
        return List.copyOf(programs.values());
    }

    /**
     * The program of a page's parameter.
     *
     * @param app the name of its profile, or its AppID; null or empty for the one with the newest QR code
     * @return null when there is none
     */
    @CheckForNull
    public Program program(@CheckForNull String app) {
        List<Program> all = getPrograms();
        if (app != null && !app.isEmpty()) {
            return all.stream()
                    .filter(each -> each.getName().equals(app))
                    .findFirst()
                    .orElse(null);
        }
        // The builds are sorted from the newest to the oldest.
        for (MiniprogramAction build : builds) {
            int last = build.getLastPreview();
            if (last >= 0) {
                String name = build.getEntries().get(last).getProgram();
                return all.stream()
                        .filter(each -> each.getName().equals(name))
                        .findFirst()
                        .orElse(null);
            }
        }
        return null;
    }

    /**
     * The picture of the last code, at an address that stays the same.
     *
     * @param app as for {@link #program}
     */
    @GET
    public void doLastPreviewImage(StaplerResponse2 response, @QueryParameter String app) throws IOException {
        job.checkPermission(Item.READ);
        Program program = program(app);
        MiniprogramAction build = program == null ? null : program.getBuild();
        if (build == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        build.serve(response, program.getNumber());
    }

    /** One program of the job. */
    public static final class Program {
        private final String name;
        /** From the newest to the oldest. */
        private final List<MiniprogramAction> builds;

        private Program(String name, List<MiniprogramAction> builds) {
            this.name = name;
            this.builds = builds;
        }

        /** The name of its profile, or its AppID. */
        public String getName() {
            return name;
        }

        /** The name for an address. */
        public String getQuery() {
            return Util.rawEncode(name);
        }

        /** The number of the last entry that fits; -1 for none. */
        private int last(MiniprogramAction build, boolean preview) {
            List<MiniprogramAction.Entry> all = build.getEntries();
            for (int i = all.size() - 1; i >= 0; i--) {
                if (all.get(i).getProgram().equals(name)
                        && (!preview || all.get(i).isPreview())) {
                    return i;
                }
            }
            return -1;
        }

        /** The action of the build that made the last code; null when there is none. */
        @CheckForNull
        public MiniprogramAction getBuild() {
            return builds.stream()
                    .filter(each -> last(each, true) >= 0)
                    .findFirst()
                    .orElse(null);
        }

        /** The number of the entry with the code, for its address; -1 when there is none. */
        public int getNumber() {
            MiniprogramAction build = getBuild();
            return build == null ? -1 : last(build, true);
        }

        /** The preview; null when there is none. */
        @CheckForNull
        public MiniprogramAction.Entry getPreview() {
            MiniprogramAction build = getBuild();
            return build == null ? null : build.getEntries().get(getNumber());
        }

        /** Whether there are enough builds for a line. */
        public boolean isTrend() {
            return builds.stream().filter(each -> last(each, false) >= 0).count() > 1;
        }

        /** The size of all packages, build by build. */
        public TrendChart getSizes() {
            return chart(
                    Messages.MiniprogramJobAction_sizes(),
                    MiniprogramAction.Entry::getSize,
                    MEGABYTE,
                    PackageSizes::human);
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
                String title,
                Function<MiniprogramAction.Entry, Long> value,
                double unit,
                Function<Long, String> label) {
            List<TrendChart.Point> points = new ArrayList<>();
            for (MiniprogramAction each : builds) {
                int number = last(each, false);
                Run<?, ?> run = each.getRun();
                if (number >= 0 && run != null) {
                    long last = value.apply(each.getEntries().get(number));
                    points.add(new TrendChart.Point(
                            run.getNumber(),
                            run.getDisplayName(),
                            Math.round(last / unit * 100) / 100.0,
                            label.apply(last)));
                }
            }
            Collections.reverse(points);
            return TrendChart.of(title, points);
        }
    }
}
