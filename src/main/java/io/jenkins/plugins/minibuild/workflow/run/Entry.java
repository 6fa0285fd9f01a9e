package io.jenkins.plugins.minibuild.workflow.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line of the journal: something that happened to a run. Immutable; in JSON as its components, without those that are not set.
 *
 * @param seq the number of the line, from 1
 * @param at the controller's clock, milliseconds since 1970; for what an agent told, the agent's, never before the entry's predecessor of the same job
 * @param kind what it is about
 * @param job id in the plan; empty for the run as a whole
 * @param step index in the job; -1 for the job as a whole
 * @param state the new state; null if it stays
 * @param attempt of the job, or of the step, from 1; 0 if it says nothing of one
 * @param exitCode of a step; null if it has none
 * @param text an error, a reason, a warning, for people in the build's language; empty for nothing
 * @param by who asked for it; empty for nobody
 * @param agent name of the node that runs the job; null if it says nothing of one, empty for the controller's own node
 * @param event the number of the agent's event that it tells of, in its part of the job; 0 for none
 * @param data outputs of a step, or what {@link Kind} says
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Entry(
        long seq,
        long at,
        Kind kind,
        String job,
        int step,
        @CheckForNull State state,
        int attempt,
        @CheckForNull Integer exitCode,
        String text,
        String by,
        @CheckForNull String agent,
        int event,
        Map<String, String> data) {
    /** What an entry is about. */
    public enum Kind {
        /** The run as a whole. */
        RUN,
        /** A job; a state, or a new attempt. */
        JOB,
        /** A step; data are its outputs. */
        STEP,
        /** A job has all that it needs: nothing but a place keeps it. */
        READY,
        /** Where a job runs; data: {@code workspace}, {@code temp}. */
        PLACE,
        /**
         * The process of a part of a job is about to be started; data: {@code id}, {@code first} (index of the part's first step). Its start can be repeated. Without
         * data: that process has ended.
         */
        LAUNCH,
        /** Somebody, or a limit, wants a job or the run to end; text says why, data {@code level} which level's time is over. */
        STOP,
        /** Something worth a line on the page. */
        NOTE
    }

    /** Copies the data; null texts become empty. */
    public Entry {
        job = job == null ? "" : job;
        text = text == null ? "" : text;
        by = by == null ? "" : by;
        data = data == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /** An entry of a kind about a job; nothing more is set. */
    public static Entry of(Kind kind, String job) {
        return new Entry(0, 0, kind, job, -1, null, 0, null, "", "", null, 0, Map.of());
    }

    /** An entry about the run as a whole. */
    public static Entry run(State state, String text) {
        return of(Kind.RUN, "").with(state).saying(text);
    }

    /** The wish that a job, or the run as a whole, ends. */
    static Entry stop(String job, JobState.Stop stop) {
        return of(Kind.STOP, job)
                .saying(stop.text())
                .by(stop.by())
                .data(stop.level().isEmpty() ? Map.of() : Map.of("level", stop.level()));
    }

    /** An entry about a step. */
    public static Entry step(String job, int step, State state) {
        return new Entry(0, 0, Kind.STEP, job, step, state, 0, null, "", "", null, 0, Map.of());
    }

    /** With its place in the journal. */
    Entry at(long number, long millis) {
        return new Entry(number, millis, kind, job, step, state, attempt, exitCode, text, by, agent, event, data);
    }

    /** With a state. */
    public Entry with(State next) {
        return new Entry(seq, at, kind, job, step, next, attempt, exitCode, text, by, agent, event, data);
    }

    /** With a text for people. */
    public Entry saying(String words) {
        return new Entry(seq, at, kind, job, step, state, attempt, exitCode, words, by, agent, event, data);
    }

    /** With who asked for it. */
    public Entry by(String who) {
        return new Entry(seq, at, kind, job, step, state, attempt, exitCode, text, who, agent, event, data);
    }

    /** With an attempt. */
    public Entry attempt(int number) {
        return new Entry(seq, at, kind, job, step, state, number, exitCode, text, by, agent, event, data);
    }

    /** With an exit code. */
    public Entry exit(int code) {
        return new Entry(seq, at, kind, job, step, state, attempt, code, text, by, agent, event, data);
    }

    /** With the node. */
    public Entry on(String node) {
        return new Entry(seq, at, kind, job, step, state, attempt, exitCode, text, by, node, event, data);
    }

    /** With the number of the agent's event. */
    public Entry event(int number) {
        return new Entry(seq, at, kind, job, step, state, attempt, exitCode, text, by, agent, number, data);
    }

    /** With data. */
    public Entry data(Map<String, String> values) {
        return new Entry(seq, at, kind, job, step, state, attempt, exitCode, text, by, agent, event, values);
    }
}
