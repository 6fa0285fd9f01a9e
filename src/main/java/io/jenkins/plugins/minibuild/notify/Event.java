package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jvnet.localizer.Localizable;

/** The events of a build that can cause a message. */
public enum Event {
    START("start", Tone.NEUTRAL, Messages::_Event_start),
    SUCCESS("success", Tone.GOOD, Messages::_Event_success),
    FAILED("failed", Tone.BAD, Messages::_Event_failed),
    UNSTABLE("unstable", Tone.WARNING, Messages::_Event_unstable),
    /** A limit ended the build, whatever result it has. */
    ENDED_BY_LIMIT("endedByLimit", Tone.BAD, Messages::_Event_endedByLimit),
    /** A person, a newer delivery or a deadline of people ended the build. */
    ABORTED("aborted", Tone.NEUTRAL, Messages::_Event_aborted),
    FIXED("fixed", Tone.GOOD, Messages::_Event_fixed),
    STILL_FAILING("stillFailing", Tone.BAD, Messages::_Event_stillFailing),
    UPLOADED("uploaded", Tone.GOOD, Messages::_Event_uploaded),
    PREVIEW_READY("previewReady", Tone.GOOD, Messages::_Event_previewReady),
    CODEGEN_DONE("codegenDone", Tone.GOOD, Messages::_Event_codegenDone),
    REVIEW_DONE("reviewDone", Tone.GOOD, Messages::_Event_reviewDone),
    REVIEW_WANTED("reviewWanted", Tone.WARNING, Messages::_Event_reviewWanted),
    VERDICT_GIVEN("verdictGiven", Tone.NEUTRAL, Messages::_Event_verdictGiven),
    /** Of a workflow; the others may go on. */
    JOB_FAILED("jobFailed", Tone.BAD, Messages::_Event_jobFailed),
    WORKFLOW_ENDED("workflowEnded", Tone.NEUTRAL, Messages::_Event_workflowEnded),
    WORKFLOW_RECOVERED("workflowRecovered", Tone.GOOD, Messages::_Event_workflowRecovered);

    /** The tone of a message. Each service has its own colours for it. */
    public enum Tone {
        GOOD,
        WARNING,
        BAD,
        NEUTRAL
    }

    private final String id;
    private final Tone tone;
    private final Supplier<Localizable> title;

    Event(String id, Tone tone, Supplier<Localizable> title) {
        this.id = id;
        this.tone = tone;
        this.title = title;
    }

    /** Its name in parameters, in Configuration as Code and in messages. */
    public String id() {
        return id;
    }

    Tone tone() {
        return tone;
    }

    /** The name of the event for people. */
    public String title(Locale locale) {
        return title.get().toString(locale);
    }

    /** The event of a message about a step's event. */
    static Event of(BuildEvent reported) {
        return switch (reported) {
            case START -> START;
            case UPLOADED -> UPLOADED;
            case PREVIEW_READY -> PREVIEW_READY;
            case CODEGEN_DONE -> CODEGEN_DONE;
            case REVIEW_DONE -> REVIEW_DONE;
            case REVIEW_WANTED -> REVIEW_WANTED;
            case VERDICT_GIVEN -> VERDICT_GIVEN;
            case JOB_FAILED -> JOB_FAILED;
            case WORKFLOW_ENDED -> WORKFLOW_ENDED;
            case WORKFLOW_RECOVERED -> WORKFLOW_RECOVERED;
        };
    }

    /** Whether a build has it once, when it ends. */
    boolean isEnd() {
        return switch (this) {
            case SUCCESS, FAILED, UNSTABLE, ENDED_BY_LIMIT, ABORTED, FIXED, STILL_FAILING -> true;
            default -> false;
        };
    }

    /** Whether messages about it say what is known of the mini program; the others are about a change or a review. */
    boolean isOfProgram() {
        return switch (this) {
            case CODEGEN_DONE,
                    REVIEW_DONE,
                    REVIEW_WANTED,
                    VERDICT_GIVEN,
                    JOB_FAILED,
                    WORKFLOW_ENDED,
                    WORKFLOW_RECOVERED -> false;
            default -> true;
        };
    }

    /**
     * The event of an id.
     *
     * @throws IllegalArgumentException naming the events that exist
     */
    public static Event of(@CheckForNull String id) {
        return Arrays.stream(values())
                .filter(each -> each.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Event_unknown(id, names())));
    }

    /**
     * The events of a list of ids.
     *
     * @param text separated by commas or white space; null or empty for none
     * @throws IllegalArgumentException naming the first event that does not exist
     */
    public static Set<Event> parse(@CheckForNull String text) {
        Set<Event> all = EnumSet.noneOf(Event.class);
        for (String each : text == null ? new String[0] : text.split("[,\\s]+")) {
            if (!each.isEmpty()) {
                all.add(of(each));
            }
        }
        return all;
    }

    /** All names, separated by commas. */
    public static String names() {
        return Arrays.stream(values()).map(Event::id).collect(Collectors.joining(", "));
    }

    /**
     * The event of a build's end.
     *
     * @param result {@code SUCCESS}, {@code FAILURE} and so on as Jenkins has them; null while nothing went wrong
     * @param previous the result of the build before that was not aborted; null if there is none
     * @param limited whether a limit ended the build
     */
    public static Event ended(@CheckForNull String result, @CheckForNull String previous, boolean limited) {
        boolean wasBad = "FAILURE".equals(previous) || "UNSTABLE".equals(previous);
        if (limited && result != null && !result.equals("SUCCESS") && !result.equals("UNSTABLE")) {
            return ENDED_BY_LIMIT;
        }
        return switch (result == null ? "SUCCESS" : result) {
            case "SUCCESS" -> wasBad ? FIXED : SUCCESS;
            case "UNSTABLE" -> UNSTABLE;
            case "FAILURE" -> "FAILURE".equals(previous) ? STILL_FAILING : FAILED;
            default -> ABORTED;
        };
    }

    /** Whether a list of events includes this one: "failed" includes every failed build and every one that a limit ended, "success" every good one. */
    public boolean isWantedBy(Set<Event> wanted) {
        return wanted.contains(this)
                || this == FIXED && wanted.contains(SUCCESS)
                || (this == STILL_FAILING || this == ENDED_BY_LIMIT) && wanted.contains(FAILED);
    }
}
