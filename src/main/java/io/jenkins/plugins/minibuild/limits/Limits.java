package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import java.io.Serializable;
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
        /** The page Mini Build limits. */
        GLOBAL,
        /** The value was not set. */
        STANDARD;

        String description() {
            return switch (this) {
                case JOB -> Messages.Origin_job();
                case GLOBAL -> Messages.Origin_global();
                case STANDARD -> Messages.Origin_standard();
            };
        }
    }

    private final TreeMap<Limit, Double> values = new TreeMap<>();
    private final TreeMap<Limit, Origin> origins = new TreeMap<>();
    /** The result of the build when a limit is exceeded, by Jenkins' name. */
    private final String onExpiry;

    /**
     * @param job the values of the step or the wrapper; a limit that it does not set is missing
     * @param global the values of the global configuration
     */
    Limits(Map<Limit, Double> job, Map<Limit, Double> global, Result onExpiry) {
        this.onExpiry = onExpiry.toString();
        for (Limit limit : Limit.values()) {
            Double ours = job.get(limit);
            Double theirs = global.get(limit);
            values.put(limit, ours != null ? ours : theirs != null ? theirs : Double.valueOf(limit.standard()));
            origins.put(limit, ours != null ? Origin.JOB : theirs != null ? Origin.GLOBAL : Origin.STANDARD);
        }
    }

    double value(Limit limit) {
        return values.get(limit);
    }

    /** In bytes or milliseconds; {@code Long.MAX_VALUE} if there is no limit. */
    long most(Limit limit) {
        double value = value(limit);
        return value == 0 ? Long.MAX_VALUE : limit.exact(value);
    }

    boolean has(Limit limit) {
        return value(limit) > 0;
    }

    Origin origin(Limit limit) {
        return origins.get(limit);
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
