package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.access.Forks;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides which deliveries start a job. Immutable.
 *
 * @param events that start it
 * @param commentPhrase text that a comment must contain, in any case; empty if no comment starts it
 * @param skipDrafts whether drafts of merge requests start nothing
 * @param skipCi whether a marker in the message of the head commit skips the build
 * @param defaultBranchOnly whether only pushes to the repository's default branch start it
 * @param admission of forks and strangers
 */
record TriggerFilter(
        Set<EventKind> events,
        String commentPhrase,
        Names names,
        boolean skipDrafts,
        boolean skipCi,
        boolean defaultBranchOnly,
        Admission admission) {
    /**
     * Names that are wanted and names that are not.
     *
     * @param wanted empty for all
     */
    record Selection(Glob wanted, Glob excluded) {
        static final Selection ALL = new Selection(Glob.names(""), Glob.names(""));

        boolean takes(String name) {
            return wanted.allows(name) && !excluded.matches(name);
        }

        boolean isAll() {
            return wanted.isEmpty() && excluded.isEmpty();
        }
    }

    /**
     * The names in a delivery that count.
     *
     * @param branches of pushes, and the target branches of merge requests
     * @param labels of which a merge request needs one; empty if it needs none
     */
    record Names(Selection branches, Glob tags, Selection paths, Selection authors, Glob labels) {
        static Names branches(Selection branches) {
            return new Names(branches, Glob.names(""), Selection.ALL, Selection.ALL, Glob.names(""));
        }
    }

    /** GitHub's markers. */
    private static final Pattern MARKER = Pattern.compile("(?i)\\[(skip ci|ci skip|no ci)]");

    private static final Pattern TRAILER = Pattern.compile("(?im)^skip-checks:[ \\t]*true[ \\t]*$");

    private static final TriggerFilter EVERY_PUSH = pushes(Selection.ALL, false);

    /** The filter of a job without a trigger: every push starts it. */
    static TriggerFilter standard() {
        return EVERY_PUSH;
    }

    /**
     * Pushes to one branch.
     *
     * @param branch its exact name; null for the repository's default branch, or for any where the service does not name that
     */
    static TriggerFilter pushesTo(@CheckForNull String branch) {
        return pushes(
                branch == null ? Selection.ALL : new Selection(Glob.exactly(branch), Glob.names("")), branch == null);
    }

    /**
     * Pushes to what profiles ship.
     *
     * @param shipped exact names; null among them for the repository's default branch
     */
    static TriggerFilter pushesToAny(Collection<String> shipped) {
        List<String> named =
                shipped.stream().filter(Objects::nonNull).distinct().toList();
        boolean standardToo = shipped.stream().anyMatch(Objects::isNull);
        if (named.isEmpty()) {
            return standardToo ? pushesTo(null) : standard();
        }
        // Which branch is the default is known with the delivery only.
        return standardToo
                ? standard()
                : pushes(new Selection(Glob.exactly(named.toArray(String[]::new)), Glob.names("")), false);
    }

    private static TriggerFilter pushes(Selection branches, boolean defaultBranchOnly) {
        return new TriggerFilter(
                EnumSet.of(EventKind.PUSH),
                "",
                Names.branches(branches),
                true,
                true,
                defaultBranchOnly,
                Admission.STRICTEST);
    }

    /** The same, at most as open to forks as a policy says. */
    TriggerFilter within(@CheckForNull Forks policy) {
        return new TriggerFilter(
                events, commentPhrase, names, skipDrafts, skipCi, defaultBranchOnly, admission.within(policy));
    }

    /** {@link Reason#QUEUED} with the branch or tag if the delivery starts the job. */
    Decision decide(Delivery delivery) {
        EventKind kind = delivery.kind();
        if (kind == EventKind.PING) {
            return Decision.of(Reason.PING);
        }
        if (kind == EventKind.OTHER || !events.contains(kind)) {
            return new Decision(Reason.EVENT, delivery.event().name());
        }
        Delivery.Ref ref = delivery.ref();
        if (ref.deleted()) {
            return new Decision(Reason.DELETED, ref.shortName());
        }
        Decision refusal = ref(delivery);
        if (refusal != null) {
            return refusal;
        }
        Delivery.Change change = delivery.change();
        if (skipCi && skips(delivery)) {
            return Decision.of(Reason.SKIP_CI);
        }
        if (!names.authors().takes(change.author())) {
            return new Decision(Reason.AUTHOR, change.author());
        }
        refusal = kind.isMergeRequest() ? mergeRequest(delivery.mergeRequest(), kind) : null;
        if (refusal != null) {
            return refusal;
        }
        Reason stranger = kind.isMergeRequest()
                ? admission.refusal(
                        kind, delivery.mergeRequest().trust(), !change.commit().isEmpty())
                : null;
        if (stranger != null) {
            String number = String.valueOf(delivery.mergeRequest().number());
            return new Decision(stranger, stranger == Reason.FORK ? number : change.author());
        }
        if (change.allFiles() && !touches(change.files())) {
            return Decision.of(Reason.PATHS);
        }
        return new Decision(Reason.QUEUED, delivery.name());
    }

    @CheckForNull
    private Decision ref(Delivery delivery) {
        Delivery.Ref ref = delivery.ref();
        if (delivery.kind() == EventKind.TAG) {
            return names.tags().allows(ref.tag()) ? null : new Decision(Reason.TAG, ref.tag());
        }
        String branch =
                delivery.kind().isMergeRequest() ? delivery.mergeRequest().target() : ref.branch();
        if (branch.isEmpty()) {
            // GitHub sends comments without their branches.
            return null;
        }
        String standard = delivery.repository().defaultBranch();
        boolean other = defaultBranchOnly && !standard.isEmpty() && !standard.equals(branch);
        return !other && names.branches().takes(branch) ? null : new Decision(Reason.BRANCH, branch);
    }

    @CheckForNull
    private Decision mergeRequest(Delivery.MergeRequest request, EventKind kind) {
        if (skipDrafts && request.draft() && kind != EventKind.MERGED) {
            return Decision.of(Reason.DRAFT);
        }
        if (!names.labels().isEmpty() && request.labels().stream().noneMatch(names.labels()::matches)) {
            return Decision.of(Reason.LABEL);
        }
        boolean lacksPhrase = kind == EventKind.COMMENT
                && (commentPhrase.isBlank()
                        || !request.comment()
                                .toLowerCase(Locale.ROOT)
                                .contains(commentPhrase.toLowerCase(Locale.ROOT)));
        return lacksPhrase ? Decision.of(Reason.PHRASE) : null;
    }

    /** Markers count in the message of the head commit. For merge requests only GitLab sends that message. */
    private static boolean skips(Delivery delivery) {
        EventKind kind = delivery.kind();
        boolean ofCommit =
                !kind.isMergeRequest() || delivery.event().provider() == Provider.GITLAB && kind != EventKind.COMMENT;
        String message = delivery.change().message();
        return ofCommit
                && (MARKER.matcher(message).find()
                        || TRAILER.matcher(lastParagraph(message)).find());
    }

    private static String lastParagraph(String message) {
        String text = message.strip();
        int at = text.lastIndexOf("\n\n");
        return at < 0 ? "" : text.substring(at);
    }

    private boolean touches(List<String> files) {
        return names.paths().isAll() || files.stream().anyMatch(names.paths()::takes);
    }
}
