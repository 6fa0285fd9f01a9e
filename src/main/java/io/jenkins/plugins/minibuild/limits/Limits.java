package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The limits of one block or build, each with where it was set. Immutable; kept with the build. */
public final class Limits implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The place where a value was set. */
    public enum Origin {
        /** The arguments of the step or the build wrapper. */
        JOB,
        /** The page Mini Build: limits. */
        GLOBAL,
        /** The value was not set. */
        STANDARD,
        /** The step that holds the slot, or a step inside the block, by its own setting. */
        STEP,
        /** The ceiling of the page Mini Build: limits. */
        CEILING;

        String description() {
            return switch (this) {
                case JOB -> Messages.Origin_job();
                case GLOBAL -> Messages.Origin_global();
                case STANDARD -> Messages.Origin_standard();
                case STEP -> Messages.Origin_step();
                case CEILING -> Messages.Origin_ceiling();
            };
        }
    }

    private final TreeMap<Limit, Double> values = new TreeMap<>();
    private final TreeMap<Limit, Origin> origins = new TreeMap<>();
    /** The result of the build when a limit is exceeded, by Jenkins' name. */
    private final String onExpiry;
    /** What the limit of time is exceeded by before the block is ended, in milliseconds. A step ends itself before. */
    private final long afterwards;

    private Limits(Limits other, double timeout, Origin origin, long afterwards) {
        this.values.putAll(other.values);
        this.origins.putAll(other.origins);
        this.values.put(Limit.TIMEOUT, timeout);
        this.origins.put(Limit.TIMEOUT, origin);
        this.onExpiry = other.onExpiry;
        this.afterwards = afterwards;
    }

    /**
     * @param job the values of the step or the wrapper; a limit that it does not set is missing
     * @param global the values of the global configuration
     */
    Limits(Map<Limit, Double> job, Map<Limit, Double> global, Result onExpiry) {
        this.onExpiry = onExpiry.toString();
        this.afterwards = 0;
        for (Limit limit : Limit.values()) {
            Double ours = job.get(limit);
            Double theirs = global.get(limit);
            values.put(limit, ours != null ? ours : theirs != null ? theirs : Double.valueOf(limit.standard()));
            origins.put(limit, ours != null ? Origin.JOB : theirs != null ? Origin.GLOBAL : Origin.STANDARD);
        }
    }

    double value(Limit limit) {
        // A block that began under an older version of the plugin lacks the newer limits.
        return values.getOrDefault(limit, 0.0);
    }

    /** In bytes or milliseconds; {@code Long.MAX_VALUE} if there is no limit. */
    long most(Limit limit) {
        double value = value(limit);
        return value == 0 ? Long.MAX_VALUE : limit.exact(value) + (limit == Limit.TIMEOUT ? afterwards : 0);
    }

    /**
     * These limits for a step that has a time of its own. A time that was given is the limit. A default of the step is one only where nobody has
     * configured another.
     */
    Limits of(@CheckForNull TimeLimit step) {
        if (step == null || !step.given() && origin(Limit.TIMEOUT) != Origin.STANDARD) {
            return this;
        }
        double own = minutes(step.time());
        return step.given()
                ? new Limits(this, own, Origin.STEP, step.afterwards().toMillis())
                : new Limits(
                        this,
                        Math.max(own, value(Limit.TIMEOUT)),
                        Origin.STANDARD,
                        step.afterwards().toMillis());
    }

    /**
     * The limits of a block in which a step with a time of its own begins. They are these if the job gave the block a time, or if the step ends
     * before.
     *
     * @param held for how long the block has had its slot
     * @param ceiling in minutes; 0 for none
     */
    Limits with(TimeLimit step, Duration held, double ceiling) {
        if (!step.given() || origin(Limit.TIMEOUT) == Origin.JOB || !has(Limit.TIMEOUT)) {
            return this;
        }
        double until = minutes(held.plus(step.time()));
        if (until <= value(Limit.TIMEOUT)) {
            return this;
        }
        boolean tooLong = ceiling > 0 && until > ceiling;
        return new Limits(
                this,
                tooLong ? Math.max(ceiling, value(Limit.TIMEOUT)) : until,
                tooLong ? Origin.CEILING : Origin.STEP,
                step.afterwards().toMillis());
    }

    /**
     * These limits, where an administrator allows no longer time.
     *
     * @param ceiling in minutes; 0 for none
     * @throws IllegalArgumentException if the job gives a longer one; the message is for users
     */
    Limits within(double ceiling) {
        double time = value(Limit.TIMEOUT);
        boolean tooLong = ceiling > 0 && (time == 0 || time > ceiling);
        Origin origin = origin(Limit.TIMEOUT);
        if (tooLong && (origin == Origin.JOB || origin == Origin.STEP)) {
            throw new IllegalArgumentException(refusal(time, ceiling));
        }
        return tooLong ? new Limits(this, ceiling, Origin.CEILING, afterwards) : this;
    }

    /** Why a time, in minutes, is refused for that ceiling. */
    static String refusal(double minutes, double ceiling) {
        return Messages.Limits_ceiling(Limit.number(minutes), Limit.number(ceiling));
    }

    static double minutes(Duration time) {
        return time.toMillis() / 60_000.0;
    }

    boolean has(Limit limit) {
        return value(limit) > 0;
    }

    Origin origin(Limit limit) {
        return origins.getOrDefault(limit, Origin.STANDARD);
    }

    Result onExpiry() {
        return result(onExpiry);
    }

    /** The cause that says that this limit was exceeded, and how. */
    Excess exceeded(Limit limit, String detail) {
        return new Excess(limit, value(limit), origin(limit), detail);
    }

    /**
     * The result of that word: aborted, failed, unstable; aborted for none.
     *
     * @throws IllegalArgumentException with the words that there are
     */
    static Result result(@CheckForNull String word) {
        return switch (word == null || word.isBlank() ? "aborted" : word.trim().toLowerCase(Locale.ROOT)) {
            case "aborted" -> Result.ABORTED;
            case "failed", "failure" -> Result.FAILURE;
            case "unstable" -> Result.UNSTABLE;
            default -> throw new IllegalArgumentException(Messages.Limits_result(word));
        };
    }
}
