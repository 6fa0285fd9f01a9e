package io.jenkins.plugins.minibuild.approval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.access.ReviewRecord;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A change that people have to decide about, with their verdicts. Has the rules: who may give which verdict, and when the change is decided. Immutable; stored as JSON in the
 * build's folder.
 *
 * @param number in its build, from 1; 0 before it is stored
 * @param review the number of the build's review by a model of the same diff; 0 for none
 * @param votes in their order
 */
public record HumanReview(
        int number, Question question, ReviewedChange change, int review, List<Vote> votes, Outcome outcome) {
    /** The longest comment, in characters. */
    public static final int LONGEST_COMMENT = 10_000;

    private static final String USER = "user:";
    private static final String GROUP = "group:";

    /** A later version of the plugin may have stored more. */
    private static final ObjectReader READER =
            Json.MAPPER.readerFor(HumanReview.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** How it stands. */
    public enum Outcome {
        WAITING,
        APPROVED,
        REJECTED,
        NEEDS_REVISION,
        /** Nobody decided in time. */
        EXPIRED,
        /** The build ended before a decision. */
        ABORTED;

        /** In the reader's language. */
        public String title() {
            return switch (this) {
                case WAITING -> Messages.Outcome_waiting();
                case APPROVED -> Messages.Outcome_approved();
                case REJECTED -> Messages.Outcome_rejected();
                case NEEDS_REVISION -> Messages.Outcome_needsRevision();
                case EXPIRED -> Messages.Outcome_expired();
                case ABORTED -> Messages.Outcome_aborted();
            };
        }

        /** As answers and Pipelines have it. */
        public String word() {
            return this == NEEDS_REVISION ? "needsRevision" : name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The question to the reviewers.
     *
     * @param message for the reviewers; may be empty
     * @param requesters who asked for the change or made it
     * @param since when it began to wait, milliseconds since 1970
     * @param until when it ends undecided; 0 for never
     */
    public record Question(String message, Rules rules, List<Requester> requesters, long since, long until) {
        /** Copies the list. */
        public Question {
            message = message == null ? "" : message;
            requesters = requesters == null ? List.of() : List.copyOf(requesters);
        }
    }

    /**
     * Who has to approve.
     *
     * @param reviewers {@code user:ID}, {@code group:NAME}, or the id of a user; a reviewer has to be in every list that is not empty
     * @param minApprovals how many have to approve, at least 1
     * @param why it takes more than the step asks for, for people; empty if it does not
     * @param fourEyes whether those who asked for the change, or made it, cannot approve it
     */
    public record Rules(List<List<String>> reviewers, int minApprovals, String why, boolean fourEyes) {
        /** Copies the lists, without the empty ones. */
        public Rules {
            reviewers = reviewers == null
                    ? List.of()
                    : reviewers.stream()
                            .filter(each -> !each.isEmpty())
                            .map(List::copyOf)
                            .toList();
            why = why == null ? "" : why;
        }

        /** Who is asked: ids of users, and {@code group:NAME}, each once, separated by commas; empty where it is everybody who may review. */
        String named() {
            return reviewers.stream()
                    .flatMap(List::stream)
                    .map(each -> each.replaceFirst("^user:", ""))
                    .distinct()
                    .collect(Collectors.joining(", "));
        }
    }

    /** Why somebody counts as one who asked for the change. */
    public enum Reason {
        STARTED,
        /** A build that this one repeats: a retry, a replay, or from a later stage on. */
        STARTED_EARLIER,
        /** A build that started this one. */
        STARTED_UPSTREAM,
        /** The step says so. */
        NAMED,
        COMMITTED,
        PUSHED;

        /** In the reader's language. */
        public String title() {
            return switch (this) {
                case STARTED -> Messages.Reason_started();
                case STARTED_EARLIER -> Messages.Reason_startedEarlier();
                case STARTED_UPSTREAM -> Messages.Reason_startedUpstream();
                case NAMED -> Messages.Reason_named();
                case COMMITTED -> Messages.Reason_committed();
                case PUSHED -> Messages.Reason_pushed();
            };
        }
    }

    /** @param user the id */
    public record Requester(String user, Reason reason) {}

    /**
     * A user who wants to give a verdict.
     *
     * @param id of the user
     * @param the user's groups
     */
    public record Person(String id, String name, Collection<String> groups) {}

    /** Copies the lists. */
    public HumanReview {
        votes = votes == null ? List.of() : List.copyOf(votes);
        outcome = outcome == null ? Outcome.WAITING : outcome;
    }

    /** Whether the change is undecided. */
    @JsonIgnore
    public boolean isWaiting() {
        return outcome == Outcome.WAITING;
    }

    /**
     * Why a person may not give a verdict, for people; null if they may.
     *
     * @param verdict the one that they want to give; null for any
     */
    @CheckForNull
    public String objection(Person person, @CheckForNull Verdict verdict) {
        if (!isWaiting()) {
            return Messages.HumanReview_over(outcome.title());
        }
        for (List<String> reviewers : question.rules().reviewers()) {
            if (reviewers.stream().noneMatch(each -> is(person, each))) {
                return Messages.HumanReview_notAsked(String.join(", ", reviewers));
            }
        }
        if (verdict != Verdict.APPROVE) {
            // A requester may still reject it.
            return null;
        }
        if (!change.hidden().isEmpty()) {
            return Messages.HumanReview_hidden(String.join(", ", change.hidden()));
        }
        if (!question.rules().fourEyes()) {
            return null;
        }
        if (Askers.isAuthor(change.authors(), person)) {
            return Messages.HumanReview_fourEyes(Reason.COMMITTED.title());
        }
        return question.requesters().stream()
                .filter(each -> each.user().equalsIgnoreCase(person.id()))
                .findFirst()
                .map(each -> Messages.HumanReview_fourEyes(each.reason().title()))
                .orElse(null);
    }

    /** A group can be named as a user is: only the prefix tells them apart. */
    private static boolean is(Person person, String reviewer) {
        if (reviewer.startsWith(GROUP)) {
            String wanted = reviewer.substring(GROUP.length());
            return person.groups().stream().anyMatch(group -> group.equalsIgnoreCase(wanted));
        }
        return person.id().equalsIgnoreCase(reviewer.startsWith(USER) ? reviewer.substring(USER.length()) : reviewer);
    }

    /**
     * Takes a verdict.
     *
     * @param diffSha256 of the diff that the person looked at
     * @throws IllegalArgumentException when the person may not give it, or it is about another change; the message is for people
     */
    public HumanReview vote(Person person, Verdict verdict, String comment, String diffSha256, long at, String by) {
        String said = comment.strip();
        String objection = objection(person, verdict);
        if (objection != null) {
            throw new IllegalArgumentException(objection);
        }
        if (!MessageDigest.isEqual(
                change.diffSha256().getBytes(StandardCharsets.UTF_8),
                diffSha256.strip().getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException(Messages.HumanReview_otherDiff(change.diffSha256()));
        }
        if (verdict != Verdict.APPROVE && said.isEmpty()) {
            throw new IllegalArgumentException(Messages.HumanReview_noComment());
        }
        if (said.length() > LONGEST_COMMENT) {
            throw new IllegalArgumentException(Messages.HumanReview_longComment(LONGEST_COMMENT));
        }
        List<Vote> all = new ArrayList<>(votes);
        all.add(new Vote(person.id(), person.name(), verdict, said, at, change.diffSha256(), by));
        Outcome decided =
                switch (verdict) {
                    case REJECT -> Outcome.REJECTED;
                    case NEEDS_REVISION -> Outcome.NEEDS_REVISION;
                    case APPROVE ->
                        approvers(all).size() >= question.rules().minApprovals() ? Outcome.APPROVED : Outcome.WAITING;
                };
        return with(all, decided);
    }

    /** The names of those who approve, each once, in the order of their first approval. */
    private static List<String> approvers(List<Vote> votes) {
        Map<String, String> names = new LinkedHashMap<>();
        votes.stream()
                .filter(vote -> vote.verdict() == Verdict.APPROVE)
                .forEach(vote -> names.putIfAbsent(vote.user().toLowerCase(Locale.ROOT), vote.name()));
        return List.copyOf(names.values());
    }

    /** The names of those who approve it. */
    public List<String> approvers() {
        return approvers(votes);
    }

    /** How large the change is, in the reader's language. */
    public String extent() {
        ReviewedChange.Size size = change.size();
        return Messages.HumanReview_change(size.files(), size.additions(), size.deletions());
    }

    /**
     * What the job keeps of it.
     *
     * @param build the number of its build
     */
    public ReviewRecord record(int build) {
        return new ReviewRecord(
                build,
                number,
                change,
                outcome.word(),
                votes.stream()
                        .filter(vote -> vote.verdict() == Verdict.APPROVE)
                        .map(vote -> new ReviewRecord.Approval(vote.user(), vote.name(), vote.at()))
                        .toList());
    }

    /** The same, ended without a decision. */
    HumanReview ended(Outcome how) {
        return with(votes, how);
    }

    private HumanReview with(List<Vote> all, Outcome how) {
        return new HumanReview(number, question, change, review, all, how);
    }

    /** The same as the n-th of its build. */
    HumanReview numbered(int n) {
        return new HumanReview(n, question, change, review, votes, outcome);
    }

    /** All comments with their authors, a line each: what a revision has to answer. */
    public String comments() {
        return votes.stream()
                .filter(vote -> !vote.comment().isEmpty())
                .map(vote -> vote.name() + " (" + vote.verdict().word() + "): " + vote.comment())
                .collect(Collectors.joining("\n"));
    }

    /** What a Pipeline is given: maps, lists, strings and numbers. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", number);
        map.put("verdict", outcome.word());
        map.put("comment", comments());
        List<Map<String, Object>> said = new ArrayList<>();
        for (Vote vote : votes) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("user", vote.user());
            one.put("name", vote.name());
            one.put("verdict", vote.verdict().word());
            one.put("comment", vote.comment());
            said.add(one);
        }
        map.put("verdicts", said);
        map.put("approvedBy", new ArrayList<>(approvers()));
        map.put("diffSha256", change.diffSha256());
        map.put("commit", change.head().commit());
        return map;
    }

    /** Reads what {@link #toJson} wrote. */
    public static HumanReview parse(byte[] json) throws IOException {
        return READER.readValue(json);
    }

    /** As JSON with line breaks. */
    public byte[] toJson() {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
