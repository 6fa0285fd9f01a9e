package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildNews;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import io.jenkins.plugins.minibuild.step.SourceCause;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.CauseOfInterruption;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.Jenkins;

/** Makes notices from a build. */
final class NoticeFactory {
    private static final Logger LOGGER = Logger.getLogger(NoticeFactory.class.getName());
    private static final int LOG_LINES = 200;
    private static final int EARLIER_BUILDS = 20;
    private static final String ERROR = "ERROR: ";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm xxx", Locale.ROOT);

    private final Run<?, ?> run;
    private final Map<Fact, String> remembered;

    NoticeFactory(Run<?, ?> run) {
        this.run = run;
        this.remembered = BuildFactsAction.of(run);
    }

    /** The event that fits the build's state. */
    Event state() {
        Result result = run.getResult();
        return Event.ended(result == null ? null : result.toString(), previousResult(), endedByLimit(run) != null);
    }

    @CheckForNull
    private String previousResult() {
        Run<?, ?> earlier = run.getPreviousBuild();
        for (int i = 0; earlier != null && i < EARLIER_BUILDS; i++) {
            Result result = earlier.getResult();
            if (result != null && endedByLimit(earlier) != null && result.isWorseThan(Result.UNSTABLE)) {
                return Result.FAILURE.toString();
            }
            if (result != null && result.isBetterOrEqualTo(Result.FAILURE)) {
                return result.toString();
            }
            earlier = earlier.getPreviousBuild();
        }
        return null;
    }

    /** The limit that ended a build; null for none, and when a person ended it after a limit had ended a block. */
    @CheckForNull
    private static String endedByLimit(Run<?, ?> build) {
        boolean byPerson = interruptions(build).anyMatch(CauseOfInterruption.UserInterruption.class::isInstance);
        return byPerson ? null : BuildFactsAction.of(build, Fact.ENDED_BY_LIMIT);
    }

    private static Stream<CauseOfInterruption> interruptions(Run<?, ?> build) {
        return build.getActions(InterruptedBuildAction.class).stream().flatMap(each -> each.getCauses().stream());
    }

    /** The programs that the build ships. */
    private Programs programs() {
        Map<String, Map<Fact, String>> shipped = new LinkedHashMap<>();
        news().forEach(each -> each.newsOfPrograms().forEach((name, facts) -> {
            // The latest last.
            shipped.remove(name);
            shipped.put(name, facts);
        }));
        return new Programs(ProgramNews.of(remembered), shipped);
    }

    private List<BuildNews> news() {
        List<BuildNews> all = new ArrayList<>();
        for (Action each : run.getAllActions()) {
            if (each instanceof BuildNews one) {
                all.add(one);
            }
        }
        return all;
    }

    /** The branch that the build is about, for filters. */
    String branch(Map<String, String> environment) {
        String known = remembered.get(Fact.BRANCH);
        return known == null || known.isBlank() ? started(environment) : known;
    }

    /**
     * Makes the notice of an event.
     *
     * @param environment names the branch if no step does
     * @param facts of the event
     * @param program the name of the program that it is about; empty for the one that the event or the build is about
     */
    Notice notice(Event event, Map<String, String> environment, Map<Fact, String> facts, String program) {
        String root = Util.fixNull(Jenkins.get().getRootUrl());
        Map<String, String> values = new TreeMap<>();
        String build = root + run.getUrl();
        values.put("build", run.getDisplayName());
        values.put("url", root.isEmpty() ? "" : build);
        values.put("logUrl", root.isEmpty() ? "" : build + "console");
        values.put("who", who());
        values.put(
                "duration",
                event == Event.START ? "" : duration(System.currentTimeMillis() - run.getStartTimeInMillis()));
        values.put("time", TIME.format(ZonedDateTime.now()));
        values.put("branch", started(environment));
        values.put("commit", environment.getOrDefault("GIT_COMMIT", ""));
        Programs programs = programs();
        boolean ofProgram = event.isOfProgram();
        if (!ofProgram || !programs.areSeveral()) {
            Programs.OF_A_COMMIT.forEach(each -> putKnown(values, each, remembered.get(each)));
        }
        for (BuildNews each : news()) {
            if (each.newsOfPrograms().isEmpty()) {
                each.newsFacts().forEach((fact, value) -> putKnown(values, fact, value));
            }
        }
        List<Notice.ProgramLine> lines = List.of();
        if (ofProgram) {
            String chosen = programs.chosen(event, facts.getOrDefault(Fact.APP, program));
            if (chosen == null) {
                lines = programs.lines();
            } else {
                if (programs.areSeveral()) {
                    // Of whatever was checked out last, perhaps of another program.
                    Programs.OF_A_COMMIT.forEach(each -> values.remove(each.key()));
                }
                programs.of(chosen).forEach((fact, value) -> putKnown(values, fact, value));
            }
        }
        facts.forEach((fact, value) -> putKnown(values, fact, value));
        values.computeIfPresent("commit", (name, id) -> id.length() > 8 ? id.substring(0, 8) : id);
        for (String page : List.of("qrUrl", "pageUrl")) {
            values.computeIfPresent(
                    page, (name, path) -> path.startsWith("http") ? path : root.isEmpty() ? "" : build + path);
        }
        if (event == Event.ENDED_BY_LIMIT) {
            putKnown(values, Fact.ERROR, endedByLimit(run));
        } else if (event == Event.ABORTED) {
            putKnown(
                    values,
                    Fact.DETAILS,
                    interruptions(run)
                            .map(CauseOfInterruption::getShortDescription)
                            .distinct()
                            .collect(Collectors.joining("; ")));
        } else if (event.tone() == Event.Tone.BAD || event == Event.UNSTABLE) {
            putError(values);
        }
        return new Notice(event, run.getParent().getFullName(), run.getNumber(), values, lines);
    }

    /** The branch if no step of this plugin has checked out: from the multibranch plugin, the webhook or the git plugin. */
    private String started(Map<String, String> environment) {
        for (String name : List.of("BRANCH_NAME", "MINIBUILD_BRANCH", "MINIBUILD_TAG")) {
            if (!environment.getOrDefault(name, "").isEmpty()) {
                return environment.get(name);
            }
        }
        SourceCause cause = run.getCause(SourceCause.class);
        SourceCommit source = cause == null ? null : cause.source();
        String ref = source == null ? environment.getOrDefault("GIT_BRANCH", "") : source.ref();
        // The git plugin names the remote too.
        return ref.replaceFirst("^(refs/heads/|refs/tags/|refs/remotes/origin/|origin/)", "");
    }

    private static void putKnown(Map<String, String> values, Fact fact, @CheckForNull String value) {
        if (value != null && !value.isBlank() && Notice.NAMES.contains(fact.key())) {
            values.put(fact.key(), value);
        }
    }

    /**
     * The last picture of the program that a message is about; empty for none, and where it could be of several programs.
     *
     * @param program as for {@link #notice}
     */
    byte[] picture(Event event, Map<Fact, String> facts, String program) {
        if (!event.isOfProgram()) {
            return new byte[0];
        }
        Programs programs = programs();
        String chosen = programs.chosen(event, facts.getOrDefault(Fact.APP, program));
        String shown = chosen == null ? programs.onlyPreview() : chosen;
        if (shown == null && programs.areSeveral()) {
            return new byte[0];
        }
        byte[] last = new byte[0];
        for (BuildNews each : news()) {
            try {
                byte[] one = each.newsPicture(shown == null ? "" : shown);
                last = one.length == 0 ? last : one;
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "The message goes without its picture", e);
            }
        }
        return last;
    }

    /** Puts the first line of the error; the further lines, which a step of this plugin writes, are its remedy. */
    private void putError(Map<String, String> values) {
        String known = Util.fixNull(remembered.get(Fact.ERROR));
        String[] lines = known.split("\\R", 2);
        String logged = loggedError();
        putKnown(values, Fact.ERROR, logged == null ? lines[0] : logged);
        if (lines.length > 1 && (logged == null || logged.strip().equals(lines[0].strip()))) {
            values.put("remedy", lines[1].replaceAll("\\s*\\R\\s*", "; "));
        }
    }

    /** The last error in the log, whose secrets are masked; null for none. Earlier errors may have been followed by a retry. */
    @CheckForNull
    private String loggedError() {
        try {
            List<String> lines = run.getLog(LOG_LINES);
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (lines.get(i).startsWith(ERROR)) {
                    return lines.get(i).substring(ERROR.length());
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The message goes without the error", e);
        }
        return null;
    }

    /** The name of the person who started it or pushed the commit, else what started it. */
    private String who() {
        for (Cause each : run.getCauses()) {
            if (each instanceof Cause.UserIdCause user && user.getUserId() != null) {
                return user.getUserName();
            }
            if (each instanceof SourceCause source && !source.people().isEmpty()) {
                // "name <address>": the address is nobody's business in a chat.
                return source.people().get(0).replaceFirst("\\s*<[^<>]*>\\s*$", "");
            }
        }
        return run.getCauses().stream()
                .findFirst()
                .map(each -> each.getShortDescription().replaceFirst("^Started by (?=[a-z])", ""))
                .orElse("");
    }

    /** The id of the user who started it; null if nobody did. */
    @CheckForNull
    String requester() {
        Cause.UserIdCause cause = run.getCause(Cause.UserIdCause.class);
        return cause == null ? null : cause.getUserId();
    }

    /**
     * The names of the people whom a request mentions.
     *
     * @param reviewers whom the event asks for a review, separated by commas
     */
    Set<String> mentioned(List<String> mention, @CheckForNull String reviewers) {
        Set<String> names = new LinkedHashSet<>();
        for (String each : mention) {
            switch (each) {
                case "requester" -> add(names, requester());
                case "reviewers" -> NotifyRequest.list(reviewers).forEach(name -> add(names, name));
                case "committers" -> addAuthors(names, remembered);
                case "culprits" -> {
                    addAuthors(names, remembered);
                    Run<?, ?> earlier = run.getPreviousBuild();
                    for (int i = 0;
                            earlier != null && i < EARLIER_BUILDS && !Result.SUCCESS.equals(earlier.getResult());
                            i++) {
                        addAuthors(names, BuildFactsAction.of(earlier));
                        earlier = earlier.getPreviousBuild();
                    }
                }
                default -> names.add(each);
            }
        }
        return names;
    }

    private static void addAuthors(Set<String> names, Map<Fact, String> facts) {
        add(names, facts.get(Fact.AUTHOR_EMAIL));
    }

    private static void add(Set<String> names, @CheckForNull String name) {
        if (name != null && !name.isBlank()) {
            names.add(name);
        }
    }

    /** A duration in units that both languages share. */
    static String duration(long millis) {
        long seconds = Math.max(0, millis) / 1_000;
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3_600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }
}
