package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.List;
import java.util.stream.Stream;

/**
 * One value of a policy, and where it was set, which a refusal names. Immutable.
 *
 * @param name as forms and Configuration as Code have it, {@code minApprovals}
 * @param value null where nobody has set one
 * @param place the full name of a folder; empty for the system configuration; null for the plugin's default
 */
public record Rule<T extends Comparable<? super T>>(
        String name, @CheckForNull T value, @CheckForNull String place) {
    /** A rule that nobody has set. */
    static <T extends Comparable<? super T>> Rule<T> silent(String name) {
        return new Rule<>(name, null, null);
    }

    /**
     * A rule of the system configuration that allows something to some jobs.
     *
     * @param jobs patterns of full names; null if nobody has set any
     */
    static Rule<Boolean> matching(String name, @CheckForNull String jobs, String job) {
        return jobs == null ? silent(name) : new Rule<>(name, Glob.names(jobs).matches(job), "");
    }

    /** Whether the value is true: what the policy demands, or allows. */
    public boolean on() {
        return Boolean.TRUE.equals(value);
    }

    /**
     * For a rule that demands something: refuses a step that does without.
     *
     * @param given whether the step does what the rule demands
     * @throws AbortException naming the policy, where it is set and what to do
     */
    public void demand(boolean given) throws AbortException {
        if (on() && !given) {
            throw refusal("false");
        }
    }

    /**
     * For a rule that allows something; without a value it does not.
     *
     * @param asked what is not allowed, as the step writes it: {@code sandbox: 'off'}
     * @throws AbortException naming the policy, where it is set and what to do
     */
    public void allow(String asked) throws AbortException {
        if (!on()) {
            throw new AbortException(Messages.Rule_notAllowed(source(), asked, whom()));
        }
    }

    /**
     * For a ceiling.
     *
     * @param asked null if the step asks for nothing: then the smaller of the step's default and the ceiling is taken
     * @param otherwise the step's default
     * @throws AbortException when the step asks for more
     */
    public T atMost(@CheckForNull T asked, T otherwise) throws AbortException {
        T wanted = asked == null ? otherwise : asked;
        if (value == null || wanted.compareTo(value) <= 0) {
            return wanted;
        }
        if (asked != null) {
            throw refusal(asked.toString());
        }
        return value;
    }

    /**
     * For a least number.
     *
     * @param asked null if the step asks for nothing: then the larger of the step's default and the rule's number is taken
     * @param otherwise the step's default
     * @throws AbortException when the step asks for less
     */
    public T atLeast(@CheckForNull T asked, T otherwise) throws AbortException {
        T wanted = asked == null ? otherwise : asked;
        if (value == null || wanted.compareTo(value) >= 0) {
            return wanted;
        }
        if (asked != null) {
            throw refusal(asked.toString());
        }
        return value;
    }

    /**
     * The error for a step that asks for what the rule does not let it have.
     *
     * @param asked the value that it asked for
     */
    public AbortException refusal(String asked) {
        return new AbortException(Messages.Rule_refused(source(), String.valueOf(value), asked, whom()));
    }

    /** For people: the policy's name and where it is set. */
    public String source() {
        return source(name, place);
    }

    static String source(String name, @CheckForNull String place) {
        if (place == null) {
            return Messages.Rule_default(name);
        }
        return place.isEmpty() ? Messages.Rule_system(name) : Messages.Rule_folder(name, place);
    }

    private String whom() {
        return whom(place);
    }

    static String whom(@CheckForNull String place) {
        return place == null || place.isEmpty() ? Messages.Rule_administrator() : Messages.Rule_configurer(place);
    }

    /** The rule with the larger value; this one if they are equal or the other is silent. */
    Rule<T> larger(Rule<T> other) {
        return value == null || other.value != null && other.value.compareTo(value) > 0 ? other : this;
    }

    /** The rule with the smaller value; this one if they are equal or the other is silent. */
    Rule<T> smaller(Rule<T> other) {
        return value == null || other.value != null && other.value.compareTo(value) < 0 ? other : this;
    }

    /** This rule, or one for the plugin's default if nobody has set it. */
    Rule<T> orDefault(T standard) {
        return value == null ? new Rule<>(name, standard, null) : this;
    }

    /** Both lists, the outer first. */
    static <E> List<E> both(List<E> outer, List<E> inner) {
        return Stream.concat(outer.stream(), inner.stream()).distinct().toList();
    }
}
