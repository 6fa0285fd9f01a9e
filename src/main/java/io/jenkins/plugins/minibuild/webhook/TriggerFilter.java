package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which deliveries start a job. Immutable.
 *
 * @param events that start it
 * @param commentPhrase that a comment has to hold, in any case; empty for none
 * @param branches of pushes, and targets of merge requests
 * @param skipDrafts whether merge requests that are drafts are left alone
 * @param skipCi whether a marker in the message of the head commit stops it
 * @param defaultBranchOnly whether pushes to other branches than the repository's default are left alone
 */
record TriggerFilter(
        Set<EventKind> events,
        String commentPhrase,
        NamePatterns branches,
        NamePatterns excludedBranches,
        NamePatterns tags,
        NamePatterns paths,
        NamePatterns excludedPaths,
        NamePatterns authors,
        NamePatterns excludedAuthors,
        NamePatterns labels,
        boolean skipDrafts,
        boolean skipCi,
        boolean defaultBranchOnly) {
    /** As GitHub has them. */
    private static final Pattern MARKER = Pattern.compile("(?i)\\[(skip ci|ci skip|no ci)]");

    private static final Pattern TRAILER = Pattern.compile("(?im)^skip-checks:[ \\t]*true[ \\t]*$");

    private static final NamePatterns NONE = NamePatterns.parse("");

    /** What a job has whose trigger is not known: every push. */
    static TriggerFilter standard() {
        return new TriggerFilter(
                EnumSet.of(EventKind.PUSH), "", NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, true, true, false);
    }

    /**
     * Pushes to one branch.
     *
     * @param branch its exact name; null for the repository's default, or any where the service does not name that
     */
    static TriggerFilter pushesTo(@CheckForNull String branch) {
        NamePatterns only = branch == null ? NONE : NamePatterns.exactly(branch);
        return new TriggerFilter(
                EnumSet.of(EventKind.PUSH),
                "",
                only,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                true,
                true,
                branch == null);
    }

    /** Decides; {@link Reason#QUEUED} with the branch when it starts the job. */
    Decision decide(Delivery delivery) {
        EventKind kind = delivery.kind();
        if (kind == EventKind.PING) {
            return Decision.of(Reason.PING);
        }
        if (kind == EventKind.OTHER || !events.contains(kind)) {
            return new Decision(Reason.EVENT, delivery.event());
        }
        if (delivery.deleted()) {
            return new Decision(Reason.DELETED, delivery.tag().isEmpty() ? delivery.branch() : delivery.tag());
        }
        Decision place = place(delivery);
        if (place != null) {
            return place;
        }
        if (skipCi && skips(delivery)) {
            return Decision.of(Reason.SKIP_CI);
        }
        if (!authors.allows(delivery.author()) || excludedAuthors.matches(delivery.author())) {
            return new Decision(Reason.AUTHOR, delivery.author());
        }
        Decision merge = kind.isMergeRequest() ? merge(delivery) : null;
        if (merge != null) {
            return merge;
        }
        if (delivery.filesComplete() && !touches(delivery.files())) {
            return Decision.of(Reason.PATHS);
        }
        return new Decision(Reason.QUEUED, delivery.tag().isEmpty() ? delivery.branch() : delivery.tag());
    }

    @CheckForNull
    private Decision place(Delivery delivery) {
        if (delivery.kind() == EventKind.TAG) {
            return tags.allows(delivery.tag()) ? null : new Decision(Reason.TAG, delivery.tag());
        }
        String branch = delivery.kind().isMergeRequest() ? delivery.target() : delivery.branch();
        if (branch.isEmpty()) {
            // Comments on GitHub come without their branches.
            return null;
        }
        boolean other = defaultBranchOnly
                && !delivery.defaultBranch().isEmpty()
                && !delivery.defaultBranch().equals(branch);
        return !other && branches.allows(branch) && !excludedBranches.matches(branch)
                ? null
                : new Decision(Reason.BRANCH, branch);
    }

    @CheckForNull
    private Decision merge(Delivery delivery) {
        if (skipDrafts && delivery.draft() && delivery.kind() != EventKind.MERGED) {
            return Decision.of(Reason.DRAFT);
        }
        if (!labels.isEmpty() && delivery.labels().stream().noneMatch(labels::matches)) {
            return Decision.of(Reason.LABEL);
        }
        boolean lacks = delivery.kind() == EventKind.COMMENT
                && (commentPhrase.isBlank()
                        || !delivery.comment()
                                .toLowerCase(Locale.ROOT)
                                .contains(commentPhrase.toLowerCase(Locale.ROOT)));
        return lacks ? Decision.of(Reason.PHRASE) : null;
    }

    /** Markers count in the message of the head commit; of merge requests only GitLab sends that. */
    private static boolean skips(Delivery delivery) {
        boolean commit = !delivery.kind().isMergeRequest()
                || delivery.provider() == Provider.GITLAB && delivery.kind() != EventKind.COMMENT;
        return commit
                && (MARKER.matcher(delivery.message()).find()
                        || TRAILER.matcher(lastParagraph(delivery.message())).find());
    }

    private static String lastParagraph(String message) {
        String text = message.strip();
        int at = text.lastIndexOf("\n\n");
        return at < 0 ? "" : text.substring(at);
    }

    private boolean touches(List<String> files) {
        return paths.isEmpty() && excludedPaths.isEmpty()
                || files.stream().anyMatch(file -> paths.allows(file) && !excludedPaths.matches(file));
    }
}
