package io.jenkins.plugins.minibuild.review;

import java.io.Serializable;

/**
 * Something in a change that should be looked at. Its place was checked against the diff; its words are those of a model about text that others
 * wrote, and are escaped wherever they are shown. Immutable.
 *
 * @param file with forward slashes, from the top of the repository
 * @param fromLine the first line in the new version of the file, from 1
 * @param toLine the last line, the same or greater
 * @param snippet what is there; not empty
 * @param problem what is wrong with it
 * @param suggestion what to do; may be empty
 * @param fingerprint the same for the same finding in later reviews, although lines before it came or went: hexadecimal digits
 * @param carried whether an earlier review found it, and it still stands
 */
public record Finding(
        Severity severity,
        Category category,
        String file,
        int fromLine,
        int toLine,
        String snippet,
        String problem,
        String suggestion,
        String fingerprint,
        boolean carried)
        implements Serializable {

    /** {@code path:line}, or {@code path:first-last}. */
    public String place() {
        return file + ":" + fromLine + (toLine > fromLine ? "-" + toLine : "");
    }

    /** The same, found by an earlier review. */
    Finding asCarried() {
        return new Finding(severity, category, file, fromLine, toLine, snippet, problem, suggestion, fingerprint, true);
    }
}
