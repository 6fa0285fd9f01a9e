package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one call of a webhook says, the same for all services. All of it is from outside: text is cleaned and cut here, once. Empty
 * text means that the service does not say.
 *
 * @param key tells calls apart; a repetition of a call has the same
 * @param event as the service names it
 * @param repository owner and name
 * @param urls addresses of the repository
 * @param branch where the commits are; of a merge request its source
 * @param target the branch that a merge request goes to
 * @param commit 40 or 64 hexadecimal digits
 * @param deleted the branch or tag was deleted
 * @param message of the head commit; of a merge request its description, as services do not send the commit's
 * @param number of the merge request; 0 for none
 * @param ref the whole name of what to check out
 * @param labels of the merge request
 * @param files that were changed, relative to the root
 * @param filesComplete whether these are all that were changed
 * @param comment its text
 * @param link to look at it; always http or https, or empty
 */
public record Delivery(
        Provider provider,
        EventKind kind,
        String key,
        String event,
        String repository,
        List<String> urls,
        String branch,
        String target,
        String tag,
        String commit,
        boolean deleted,
        String author,
        String message,
        String title,
        long number,
        String ref,
        boolean draft,
        List<String> labels,
        List<String> files,
        boolean filesComplete,
        String comment,
        String link,
        String defaultBranch) {
    static final int LONGEST_LINE = 500;
    static final int LONGEST_TEXT = 8_000;
    static final int MOST_FILES = 3_000;
    static final int MOST_LABELS = 100;
    private static final int LONGEST_LINK = 2_000;

    /** Cleans, cuts, and drops what is not of the right form. */
    public Delivery {
        key = CleanText.line(key, 200);
        event = CleanText.line(event, 100);
        repository = CleanText.line(repository, LONGEST_LINE);
        urls = list(urls, 10, LONGEST_LINK);
        branch = CleanText.line(branch, LONGEST_LINE);
        target = CleanText.line(target, LONGEST_LINE);
        tag = CleanText.line(tag, LONGEST_LINE);
        commit = commit != null && commit.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? commit : "";
        author = CleanText.line(author, LONGEST_LINE);
        message = CleanText.lines(message, LONGEST_TEXT);
        title = CleanText.line(title, LONGEST_LINE);
        number = Math.max(0, number);
        ref = CleanText.line(ref, LONGEST_LINE);
        labels = list(labels, MOST_LABELS, 100);
        filesComplete = filesComplete && files != null && files.size() <= MOST_FILES;
        files = list(files, MOST_FILES, LONGEST_LINE);
        comment = CleanText.lines(comment, LONGEST_TEXT);
        link = CleanText.line(link, LONGEST_LINK);
        link = link.matches("(?i)https?://[^\\s\"'<>\\\\]+") ? link : "";
        defaultBranch = CleanText.line(defaultBranch, LONGEST_LINE);
    }

    private static List<String> list(@CheckForNull List<String> given, int most, int longest) {
        List<String> clean = new ArrayList<>();
        for (String each : given == null ? List.<String>of() : given) {
            String text = CleanText.line(each, longest);
            if (!text.isEmpty() && clean.size() < most) {
                clean.add(text);
            }
        }
        return List.copyOf(clean);
    }

    /** The first line of the message, or what stands for it. */
    public String subject() {
        String text = kind.isMergeRequest() && !title.isEmpty() ? title : message;
        int end = text.indexOf('\n');
        return CleanText.line(end < 0 ? text : text.substring(0, end), 200);
    }

    /** The same for calls about the same branch, tag or merge request of the same repository. */
    public String subjectKey() {
        String what = number > 0 ? "merge/" + number : tag.isEmpty() ? "branch/" + branch : "tag/" + tag;
        return repository.toLowerCase(java.util.Locale.ROOT) + " " + what;
    }

    /** What to check out; null when it names no ref. */
    @CheckForNull
    public SourceCommit source() {
        return ref.isEmpty() ? null : new SourceCommit(urls, ref, commit.length() == 40 ? commit : null);
    }

    /** What a build has in its environment; each value one line of at most {@value #LONGEST_TEXT} characters but the message. */
    Map<String, String> variables() {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "PROVIDER", provider.word());
        put(all, "EVENT", kind.name().toLowerCase(java.util.Locale.ROOT));
        put(all, "REPOSITORY", repository);
        put(all, "BRANCH", branch);
        put(all, "TARGET_BRANCH", target);
        put(all, "TAG", tag);
        put(all, "REF", ref);
        put(all, "COMMIT", commit);
        put(all, "AUTHOR", author);
        put(all, "MESSAGE", message.replace('\n', ' '));
        put(all, "MR", number > 0 ? String.valueOf(number) : "");
        put(all, "MR_TITLE", title);
        put(all, "LABELS", String.join(",", labels));
        put(all, "COMMENT", comment.replace('\n', ' '));
        put(all, "LINK", link);
        return all;
    }

    private static void put(Map<String, String> all, String name, String value) {
        if (!value.isEmpty()) {
            all.put("MINIBUILD_" + name, value);
        }
    }

    /** The same under another key, for a call that somebody repeats by hand. */
    Delivery withKey(String other) {
        return copy(other, files, filesComplete);
    }

    /** The same without what only filters need, as a build keeps it. */
    Delivery brief() {
        return copy(key, List.of(), false);
    }

    private Delivery copy(String otherKey, List<String> otherFiles, boolean complete) {
        return new Delivery(
                provider,
                kind,
                otherKey,
                event,
                repository,
                urls,
                branch,
                target,
                tag,
                commit,
                deleted,
                author,
                message,
                title,
                number,
                ref,
                draft,
                labels,
                otherFiles,
                complete,
                comment,
                link,
                defaultBranch);
    }
}
