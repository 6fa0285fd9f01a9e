package io.jenkins.plugins.minibuild.review;

/**
 * A remark whose lines and snippet were found in the diff. Immutable.
 *
 * @param fingerprint the same for the same finding in later reviews, although lines before it came or went: hexadecimal digits
 * @param carried whether an earlier review found it, and it still holds
 */
public record Finding(Remark remark, String fingerprint, boolean carried) {
    /** How bad it is. */
    public Severity severity() {
        return remark.severity();
    }

    /** The side of the change that it is about. */
    public Category category() {
        return remark.category();
    }

    /** The file, with forward slashes, from the top of the repository. */
    public String file() {
        return remark.lines().file();
    }

    /** The first line in the new version of the file, from 1. */
    public int fromLine() {
        return remark.lines().from();
    }

    /** The last line, the same or greater. */
    public int toLine() {
        return remark.lines().to();
    }

    /** The text of the lines. */
    public String snippet() {
        return remark.snippet();
    }

    /** What is wrong with it. */
    public String problem() {
        return remark.problem();
    }

    /** What to do; may be empty. */
    public String suggestion() {
        return remark.suggestion();
    }

    /** {@code path:line}, or {@code path:first-last}. */
    public String place() {
        return file() + ":" + fromLine() + (toLine() > fromLine() ? "-" + toLine() : "");
    }
}
