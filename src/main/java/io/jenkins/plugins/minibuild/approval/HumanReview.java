package io.jenkins.plugins.minibuild.approval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
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
 * @param votes in their order
 */
public record HumanReview(int number, Question question, Change change, List<Vote> votes, Outcome outcome) {
    /** The longest comment, in characters. */
    public static final int LONGEST_COMMENT = 10_000;

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
     * The change under review.
     *
     * @param base a branch or commit, for people
     * @param head a branch or commit, for people; empty for a work tree
     * @param baseCommit the old side; empty if it is not known
     * @param headCommit the new side; empty if the change is in no commit, or the commit is not known
     * @param diffSha256 of the whole diff, 64 hexadecimal digits
     * @param review the number of the build's review by a model of the same diff; 0 for none
     */
    public record Change(
            String base,
            String head,
            String baseCommit,
            String headCommit,
            String diffSha256,
            int review,
            Extent extent) {}

    /**
     * How large a change is.
     *
     * @param files how many it touches
     * @param additions lines
     * @param deletions lines
     */
    public record Extent(int files, int additions, int deletions) {
        /** In the reader's language. */
        public String title() {
            return Messages.HumanReview_change(files, additions, deletions);
        }
    }

    /**
     * The question to the reviewers.
     *
     * @param message for the reviewers; may be empty
     * @param reviewers ids of users or names of groups; empty for everybody with the permission
     * @param minApprovals how many have to approve, at least 1
     * @param fourEyes whether those who asked for the change cannot approve it
     * @param requesters ids of the users who asked for it; may be empty
     * @param since when it began to wait, milliseconds since 1970
     * @param until when it ends undecided; 0 for never
     */
    public record Question(
            String message,
            List<String> reviewers,
            int minApprovals,
            boolean fourEyes,
            List<String> requesters,
            long since,
            long until) {
        /** Copies the lists. */
        public Question {
            message = message == null ? "" : message;
            reviewers = reviewers == null ? List.of() : List.copyOf(reviewers);
            requesters = requesters == null ? List.of() : List.copyOf(requesters);
        }
    }

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
        List<String> reviewers = question.reviewers();
        if (!reviewers.isEmpty() && reviewers.stream().noneMatch(each -> is(person, each))) {
            return Messages.HumanReview_notAsked(String.join(", ", reviewers));
        }
        boolean asked = question.requesters().stream().anyMatch(each -> each.equalsIgnoreCase(person.id()));
        // A requester may still reject it.
        if (question.fourEyes() && verdict == Verdict.APPROVE && asked) {
            return Messages.HumanReview_fourEyes();
        }
        return null;
    }

    private static boolean is(Person person, String reviewer) {
        return reviewer.equalsIgnoreCase(person.id())
                || person.groups().stream().anyMatch(group -> group.equalsIgnoreCase(reviewer));
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
                        approvers(all).size() >= question.minApprovals() ? Outcome.APPROVED : Outcome.WAITING;
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

    /** The same, ended without a decision. */
    HumanReview ended(Outcome how) {
        return with(votes, how);
    }

    private HumanReview with(List<Vote> all, Outcome how) {
        return new HumanReview(number, question, change, all, how);
    }

    /** The same as the n-th of its build. */
    HumanReview numbered(int n) {
        return new HumanReview(n, question, change, votes, outcome);
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
        map.put("commit", change.headCommit());
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
