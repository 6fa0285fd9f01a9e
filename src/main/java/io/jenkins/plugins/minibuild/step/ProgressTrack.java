package io.jenkins.plugins.minibuild.step;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The phases of one task and how far it is. Immutable. */
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

    /** What it works on, for people. */
    public String title() {
        return title;
    }

    /** How far it is, 0 to 100. */
    public int percent() {
        return percent;
    }

    /** In their order. */
    public List<Phase> phases() {
        return List.copyOf(phases);
    }

    /** How a phase stands. */
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

        /** @param millis how long it took; 0 before it has ended */
        public Phase(String name, State state, long millis) {
            this.name = name;
            this.state = state;
            this.millis = millis;
        }

        /** Its name in logs and in the API. */
        public String name() {
            return name;
        }

        /** How it stands. */
        public State state() {
            return state;
        }

        /** How long it took; 0 before it has ended. */
        public long millis() {
            return millis;
        }
    }
}
