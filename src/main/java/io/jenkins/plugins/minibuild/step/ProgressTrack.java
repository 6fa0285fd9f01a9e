package io.jenkins.plugins.minibuild.step;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The progress of one task: its phases. Immutable. */
public final class ProgressTrack implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String title;
    private final int percent;
    private final ArrayList<Phase> phases;

    /**
     * @param title for people
     * @param percent 0 to 100
     */
    public ProgressTrack(String title, int percent, List<Phase> phases) {
        this.title = title;
        this.percent = Math.max(0, Math.min(100, percent));
        this.phases = new ArrayList<>(phases);
    }

    /** The object of the task, for people. */
    public String title() {
        return title;
    }

    /** The progress in percent. */
    public int percent() {
        return percent;
    }

    /** In their order. */
    public List<Phase> phases() {
        return List.copyOf(phases);
    }

    /** The state of a phase. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        SKIPPED,
        FAILED
    }

    /** One phase. Immutable. */
    public static final class Phase implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final State state;
        private final long millis;

        /** @param millis the duration; 0 before the phase has ended */
        public Phase(String name, State state, long millis) {
            this.name = name;
            this.state = state;
            this.millis = millis;
        }

        /** The name in the language of this thread. */
        public String title() {
            return title(name);
        }

        /** The name of a phase in the language of this thread. */
        static String title(String name) {
            return switch (name) {
                case "preflight" -> Messages.Phase_preflight();
                case "checkout" -> Messages.Phase_checkout();
                case "install" -> Messages.Phase_install();
                case "build" -> Messages.Phase_build();
                case "upload" -> Messages.Phase_upload();
                case "preview" -> Messages.Phase_preview();
                case "finish" -> Messages.Phase_finish();
                case "prepare" -> Messages.Phase_prepare();
                case "analyze" -> Messages.Phase_analyze();
                case "generate" -> Messages.Phase_generate();
                case "check" -> Messages.Phase_check();
                case "commit" -> Messages.Phase_commit();
                case "push" -> Messages.Phase_push();
                case "done" -> Messages.Phase_done();
                default -> name;
            };
        }

        /** The name for programs. */
        public String name() {
            return name;
        }

        /** The state. */
        public State state() {
            return state;
        }

        /** The duration in milliseconds; 0 before the phase has ended. */
        public long millis() {
            return millis;
        }
    }
}
