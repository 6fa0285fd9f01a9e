package io.jenkins.plugins.minibuild.step;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Item;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/**
 * The progress of a build's tasks: a bar of phases on the page, which a script updates while the build runs, and the same in the API. Safe for several threads: parallel branches report to one build.
 */
@ExportedBean
public final class BuildProgressAction extends RunPageAction {
    private final LinkedHashMap<String, ProgressTrack> tracks = new LinkedHashMap<>();

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "mini-build-progress";
    }

    synchronized void put(String track, ProgressTrack state) {
        tracks.put(track, state);
    }

    /** XStream reads the map while it stores the build. */
    private synchronized Object writeReplace() {
        BuildProgressAction copy = new BuildProgressAction();
        copy.tracks.putAll(tracks);
        return copy;
    }

    /** The tasks in the order in which they began. */
    @Exported(visibility = 2)
    public synchronized List<Bar> getTasks() {
        List<Bar> bars = new ArrayList<>();
        boolean running = getRun() != null && getRun().isBuilding();
        tracks.forEach((id, track) -> bars.add(new Bar(id, track, running)));
        return bars;
    }

    /** How far the build's tasks are together, 0 to 100. */
    @Exported(visibility = 2)
    public synchronized int getProgress() {
        return (int) tracks.values().stream()
                .mapToInt(ProgressTrack::percent)
                .average()
                .orElse(0);
    }

    /** Serves the progress to the script of the page while the build runs. */
    @GET
    public void doState(StaplerResponse2 response) throws IOException {
        getRun().checkPermission(Item.READ);
        ObjectNode answer = Json.MAPPER
                .createObjectNode()
                .put("building", getRun().isBuilding())
                .put("progress", getProgress());
        ArrayNode list = answer.putArray("tasks");
        for (Bar bar : getTasks()) {
            ObjectNode one = list.addObject().put("id", bar.getId()).put("progress", bar.getProgress());
            ArrayNode phases = one.putArray("phases");
            bar.getPhases().forEach(phase -> phases.addObject()
                    .put("name", phase.getName())
                    .put("state", phase.getState())
                    .put("duration", phase.getDuration()));
        }
        ResponseAdapter.json(response, answer);
    }

    /** A task on the page and in the API. */
    @ExportedBean(defaultVisibility = 2)
    public static final class Bar {
        private final String id;
        private final ProgressTrack track;
        private final boolean running;

        private Bar(String id, ProgressTrack track, boolean running) {
            this.id = id;
            this.track = track;
            this.running = running;
        }

        /** The id of the task in its build. */
        @Exported
        public String getId() {
            return id;
        }

        /** The object of the task, for people. */
        @Exported
        public String getTitle() {
            return track.title();
        }

        /** 0 to 100. */
        @Exported
        public int getProgress() {
            return track.percent();
        }

        /** In their order. */
        @Exported
        public List<Step> getPhases() {
            List<Step> steps = new ArrayList<>();
            for (ProgressTrack.Phase phase : track.phases()) {
                steps.add(new Step(steps.size() + 1, phase, running));
            }
            return steps;
        }
    }

    /** A phase on the page and in the API. */
    @ExportedBean(defaultVisibility = 2)
    public static final class Step {
        private final int number;
        private final ProgressTrack.Phase phase;
        private final boolean running;

        private Step(int number, ProgressTrack.Phase phase, boolean running) {
            this.number = number;
            this.phase = phase;
            this.running = running;
        }

        /** From 1. */
        @Exported
        public int getNumber() {
            return number;
        }

        /** The name in the reader's language. */
        public String getTitle() {
            return phase.title();
        }

        /** The name for programs. */
        @Exported
        public String getName() {
            return phase.name();
        }

        /** {@code waiting}, {@code running}, {@code done}, {@code skipped} or {@code failed}. */
        @Exported
        public String getState() {
            // After the controller was killed a phase stays running in a build that has ended.
            return phase.state() == ProgressTrack.State.RUNNING && !running
                    ? "failed"
                    : phase.state().name().toLowerCase(Locale.ROOT);
        }

        /** In milliseconds; 0 before it has ended. */
        @Exported
        public long getDuration() {
            return phase.millis();
        }

        /** For people, such as {@code 1.5 s}; empty before it has ended. */
        public String getTime() {
            return phase.millis() == 0 ? "" : String.format(Locale.ROOT, "%.1f s", phase.millis() / 1000.0);
        }
    }
}
