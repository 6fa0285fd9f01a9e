package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.claude.Caps;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.Locale;
import org.jvnet.localizer.LocaleProvider;

/**
 * The change to review, and how. Immutable.
 *
 * @param paths that are reviewed; empty for all
 * @param language of the report, see {@link #language}
 * @param incremental whether only what changed since the last review of the same branches in the same job is reviewed
 * @param largest kilobytes of the change that are reviewed
 */
public record ReviewRequest(
        Source source, Glob paths, String language, boolean incremental, int largest, ReviewGate gate) {

    /** The caps where a step sets none. */
    public static final Caps CAPS = Caps.of(60, 15, 3, 100);

    /** Kilobytes of the change that are reviewed where a step says nothing. */
    public static final int LARGEST = 500;

    /**
     * Where the change is found.
     *
     * @param workTree the top of a checkout
     * @param directory the same, below the workspace; empty for the workspace itself
     * @param url the repository's address, from which branches are fetched that the checkout lacks; null for nowhere. Never taken from the
     *     checkout: its settings would decide where the credential goes
     * @param credentialsId for the url; null for none
     * @param base a branch, tag or commit; null for the target of the merge request that is built, the remote's default branch, or the checkout's
     *     own commit
     * @param head a branch, tag or commit; null for what the work tree holds, changes included
     */
    public record Source(
            FilePath workTree,
            String directory,
            @CheckForNull String url,
            @CheckForNull String credentialsId,
            @CheckForNull String base,
            @CheckForNull String head) {}

    /** With the defaults of {@code aiReview}, and without a gate. */
    public static ReviewRequest of(Source source) {
        return new ReviewRequest(source, Glob.paths(""), language(null), false, LARGEST, new ReviewGate(null, null));
    }

    /**
     * The language as a prompt names it.
     *
     * @param name its name in English or in itself, or a short name that users of Jenkins know, such as {@code zh}; null for that of the job's log
     */
    public static String language(@CheckForNull String name) {
        String word = name == null
                ? LocaleProvider.getLocale().getLanguage()
                : name.strip()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-')
                        .replace('（', '(')
                        .replace('）', ')');
        return switch (word) {
            case "zh",
                    "zh-cn",
                    "zh-sg",
                    "zh-hans",
                    "zh-hans-cn",
                    "chinese",
                    "chinese (simplified)",
                    "简体中文",
                    "简体",
                    "中文",
                    "中文(简体)",
                    "汉语",
                    "普通话" -> "Simplified Chinese";
            case "zh-tw", "zh-hk", "zh-hant", "chinese (traditional)", "繁體中文", "繁体中文", "繁體", "中文(繁體)", "中文(繁体)" ->
                "Traditional Chinese";
            case "en", "en-us", "en-gb", "英语", "英文", "" -> "English";
            default -> name == null ? "English" : name;
        };
    }
}
