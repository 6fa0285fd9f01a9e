package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What one call says, in one form for all services. A call about several refs makes one delivery for each of them. All text is from outside;
 * the constructors clean and cut it. Empty text means that the service does not say.
 */
public record Delivery(Event event, Repository repository, Ref ref, Change change, MergeRequest mergeRequest) {
    static final int LONGEST_LINE = 500;
    static final int LONGEST_TEXT = 8_000;
    static final int MOST_FILES = 3_000;
    static final int MOST_LABELS = 100;
    private static final int LONGEST_LINK = 2_000;

    /**
     * What happened.
     *
     * @param name as the service names the event
     * @param key differs between calls; a repetition of a call has the same
     */
    public record Event(Provider provider, EventKind kind, String name, String key) {
        public Event {
            Objects.requireNonNull(provider);
            Objects.requireNonNull(kind);
            name = CleanText.line(name, 100);
            key = CleanText.line(key, 200);
        }

        Event as(EventKind other) {
            return new Event(provider, other, name, key);
        }

        Event withKey(String other) {
            return new Event(provider, kind, name, other);
        }
    }

    /**
     * Where it happened.
     *
     * @param name owner and name
     * @param urls all addresses of the repository
     * @param defaultBranch its short name
     */
    public record Repository(String name, List<String> urls, String defaultBranch) {
        static final Repository NONE = new Repository("", List.of(), "");

        public Repository {
            name = CleanText.line(name, LONGEST_LINE);
            urls = list(urls, 10, LONGEST_LINK).stream().distinct().toList();
            defaultBranch = shortName(CleanText.line(defaultBranch, LONGEST_LINE));
        }
    }

    /**
     * The branch or tag.
     *
     * @param name the full name of the ref to check out
     * @param branch that has the commits; the source branch of a merge request
     * @param deleted whether the branch or tag was deleted
     */
    public record Ref(String name, String branch, String tag, boolean deleted) {
        static final Ref NONE = new Ref("", "", "", false);

        public Ref {
            name = CleanText.line(name, LONGEST_LINE);
            branch = CleanText.line(branch, LONGEST_LINE);
            tag = CleanText.line(tag, LONGEST_LINE);
        }

        /** Whether a ref is a branch or tag. Others, {@code refs/notes/commits}, start nothing. */
        static boolean isOfInterest(String name) {
            return name.startsWith("refs/heads/") || name.startsWith("refs/tags/");
        }

        /**
         * The ref of a push.
         *
         * @param name {@code refs/heads/...} or {@code refs/tags/...}
         * @param after the new commit; zeros mean that the ref was deleted
         */
        static Ref pushed(String name, String after, boolean deleted) throws PayloadException {
            if (!isOfInterest(name)) {
                throw new PayloadException("the ref is neither a branch nor a tag");
            }
            boolean branch = name.startsWith("refs/heads/");
            String shortName = checked(Delivery.shortName(name));
            return new Ref(
                    name, branch ? shortName : "", branch ? "" : shortName, deleted || after.matches("0{40}|0{64}"));
        }

        /** The head of a merge request. */
        static Ref source(String name, String branch) throws PayloadException {
            return new Ref(name, checked(branch), "", false);
        }

        /** The tag or the branch. */
        String shortName() {
            return tag.isEmpty() ? branch : tag;
        }
    }

    /**
     * The commits, comment or merge request.
     *
     * @param commit 40 or 64 hexadecimal digits
     * @param author as the service names people
     * @param message of the head commit; the description of a merge request where the service does not send the commit's message
     * @param files that were changed, relative to the root of the repository
     * @param allFiles whether {@code files} lists every changed file
     * @param link to a page of the service; http or https, or empty
     */
    public record Change(
            String commit, String author, String message, List<String> files, boolean allFiles, String link) {
        public Change {
            boolean isCommit = commit != null && commit.matches("[0-9a-f]{40}|[0-9a-f]{64}") && !commit.matches("0+");
            commit = isCommit ? commit : "";
            author = CleanText.line(author, LONGEST_LINE);
            message = CleanText.lines(message, LONGEST_TEXT);
            allFiles = allFiles && files != null && files.size() <= MOST_FILES;
            files = list(files, MOST_FILES, LONGEST_LINE);
            link = CleanText.line(link, LONGEST_LINK);
            link = link.matches("(?i)https?://[^\\s\"'<>\\\\]+") ? link : "";
        }

        /** A change whose files the service does not send. */
        static Change withoutFiles(String commit, String author, String message, String link) {
            return new Change(commit, author, message, List.of(), false, link);
        }

        Change withoutFiles() {
            return withoutFiles(commit, author, message, link);
        }

        /** The first ten digits of the commit; may be empty. */
        String shortCommit() {
            return commit.isEmpty() ? "" : commit.substring(0, 10);
        }
    }

    /**
     * The merge request, or {@link #NONE}.
     *
     * @param number 0 for none
     * @param target the branch to merge into
     * @param comment the text of the new comment
     * @param trust where it comes from and who acts
     */
    public record MergeRequest(
            long number, String target, String title, boolean draft, List<String> labels, String comment, Trust trust) {
        static final MergeRequest NONE = new MergeRequest(0, "", "", false, List.of(), "", Trust.UNKNOWN);

        /** At the start of a title. "Draft the contract" is no draft, but "WIP the contract" is one. */
        private static final Pattern UNFINISHED =
                Pattern.compile("(?i)\\s*(\\[(wip|draft)]|[(（](wip|draft)[)）]|(wip|draft)\\s*[:：]|wip\\s)");

        public MergeRequest {
            number = Math.max(0, number);
            target = CleanText.line(target, LONGEST_LINE);
            title = CleanText.line(title, LONGEST_LINE);
            labels = list(labels, MOST_LABELS, 100);
            comment = CleanText.lines(comment, LONGEST_TEXT);
            trust = trust == null ? Trust.UNKNOWN : trust;
        }

        /** A merge request as the service describes it. A title such as "Draft: x" makes it a draft, too. */
        static MergeRequest of(
                long number,
                String target,
                String title,
                boolean draft,
                List<String> labels,
                String comment,
                Trust trust)
                throws PayloadException {
            return new MergeRequest(
                    number,
                    checked(target),
                    title,
                    draft || UNFINISHED.matcher(title).lookingAt(),
                    labels,
                    comment,
                    trust);
        }
    }

    /** @throws NullPointerException where stored JSON lacks a group */
    public Delivery {
        Objects.requireNonNull(event);
        Objects.requireNonNull(repository);
        Objects.requireNonNull(ref);
        Objects.requireNonNull(change);
        Objects.requireNonNull(mergeRequest);
    }

    /** A delivery about no branch, tag or merge request. */
    static Delivery of(Event event, Repository repository, String author) {
        return new Delivery(event, repository, Ref.NONE, Change.withoutFiles("", author, "", ""), MergeRequest.NONE);
    }

    /** A delivery that says nothing but its event. */
    static Delivery of(Event event) {
        return of(event, Repository.NONE, "");
    }

    static Delivery push(Event event, Repository repository, Ref ref, Change change) {
        EventKind kind = ref.tag().isEmpty() ? EventKind.PUSH : EventKind.TAG;
        return new Delivery(event.as(kind), repository, ref, change, MergeRequest.NONE);
    }

    /** No service sends a name that git refuses, and scripts of jobs use these names as paths. */
    private static String checked(String name) throws PayloadException {
        if (!name.isEmpty() && !RefName.isValid(name)) {
            throw new PayloadException("git does not allow this name of a branch or tag");
        }
        return name;
    }

    /** A ref without {@code refs/heads/} or {@code refs/tags/}. */
    static String shortName(String ref) {
        return ref.replaceFirst("^refs/(heads|tags)/", "");
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

    EventKind kind() {
        return event.kind();
    }

    /** The title of the merge request, or the first line of the message. */
    public String subject() {
        String text =
                kind().isMergeRequest() && !mergeRequest.title().isEmpty() ? mergeRequest.title() : change.message();
        int end = text.indexOf('\n');
        return CleanText.line(end < 0 ? text : text.substring(0, end), 200);
    }

    /** Equal for deliveries about the same branch, tag or merge request of the same repository. */
    public String subjectKey() {
        String what = mergeRequest.number() > 0
                ? "merge/" + mergeRequest.number()
                : ref.tag().isEmpty() ? "branch/" + ref.branch() : "tag/" + ref.tag();
        return repository.name().toLowerCase(Locale.ROOT) + " " + what;
    }

    /** The commit to check out; null when the delivery names no ref. */
    @CheckForNull
    public SourceCommit source() {
        return ref.name().isEmpty()
                ? null
                : new SourceCommit(
                        repository.urls(), ref.name(), change.commit().length() == 40 ? change.commit() : null);
    }

    /** Whether the id is that of a commit: of an annotated tag, Azure DevOps names the tag only. */
    boolean commitIsPeeled() {
        return event.provider() != Provider.AZURE || kind() != EventKind.TAG;
    }

    /** What the delivery is about, for people: the tag, the branch, or the number of the merge request; may be empty. */
    String name() {
        boolean unnamed = ref.shortName().isEmpty() && mergeRequest.number() > 0;
        return unnamed ? "#" + mergeRequest.number() : ref.shortName();
    }

    /** The environment variables of a build; each value is one line of at most {@value #LONGEST_TEXT} characters. */
    Map<String, String> variables() {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "PROVIDER", event.provider().word());
        put(all, "EVENT", kind().name().toLowerCase(Locale.ROOT));
        put(all, "REPOSITORY", repository.name());
        put(all, "BRANCH", ref.branch());
        put(all, "TARGET_BRANCH", mergeRequest.target());
        put(all, "TAG", ref.tag());
        put(all, "REF", ref.name());
        put(all, "COMMIT", commitIsPeeled() ? change.commit() : "");
        put(all, "AUTHOR", change.author());
        put(all, "MESSAGE", change.message().replace('\n', ' '));
        put(all, "MR", mergeRequest.number() > 0 ? String.valueOf(mergeRequest.number()) : "");
        put(all, "MR_TITLE", mergeRequest.title());
        put(all, "LABELS", String.join(",", mergeRequest.labels()));
        put(all, "COMMENT", mergeRequest.comment().replace('\n', ' '));
        put(all, "LINK", change.link());
        return all;
    }

    private static void put(Map<String, String> all, String name, String value) {
        if (!value.isEmpty()) {
            all.put("MINIBUILD_" + name, value);
        }
    }

    /** The same delivery under another key, for a person who repeats it. */
    Delivery withKey(String other) {
        return new Delivery(event.withKey(other), repository, ref, change, mergeRequest);
    }

    /** The same delivery about another commit. */
    Delivery at(String commit) {
        Change pinned =
                new Change(commit, change.author(), change.message(), change.files(), change.allFiles(), change.link());
        return new Delivery(event, repository, ref, pinned, mergeRequest);
    }

    /** The same delivery with what the service said when it was asked. */
    Delivery with(Trust trust) {
        MergeRequest asked = new MergeRequest(
                mergeRequest.number(),
                mergeRequest.target(),
                mergeRequest.title(),
                mergeRequest.draft(),
                mergeRequest.labels(),
                mergeRequest.comment(),
                trust);
        return new Delivery(event, repository, ref, change, asked);
    }

    /** The delivery without the list of files, which only filters need. */
    Delivery brief() {
        return new Delivery(event, repository, ref, change.withoutFiles(), mergeRequest);
    }
}
