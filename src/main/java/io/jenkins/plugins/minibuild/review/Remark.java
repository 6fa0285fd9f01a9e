package io.jenkins.plugins.minibuild.review;

/**
 * A model's remark on some lines of a change. The words are those of a model about text that others wrote: they are escaped wherever they are
 * shown. Immutable.
 *
 * @param snippet the text of the lines; not empty
 * @param problem what is wrong with it
 * @param suggestion what to do; may be empty
 */
public record Remark(
        Severity severity, Category category, Lines lines, String snippet, String problem, String suggestion) {
    /**
     * Lines of a file in its new version.
     *
     * @param file with forward slashes, from the top of the repository
     * @param from the first line, from 1
     * @param to the last line, the same or greater
     */
    public record Lines(String file, int from, int to) {}

    /** The same at other lines with another text. */
    Remark at(int from, int to, String text) {
        return new Remark(severity, category, new Lines(lines.file, from, to), text, problem, suggestion);
    }
}
