package io.jenkins.plugins.minibuild.checkout;

import com.fasterxml.jackson.core.JsonProcessingException;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.step.BuildNews;
import io.jenkins.plugins.minibuild.step.CheckoutNews;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.RunAction2;

/** What a build has checked out, on its page: branch, commit and author, and in a freestyle build the changes since the build before. */
public final class CheckoutAction extends InvisibleAction implements RunAction2 {
    private static final int MOST = 20;

    private transient Run<?, ?> run;
    private final List<Line> lines = new ArrayList<>();

    /** Adds a checkout to the page of a build. The caller saves the build. */
    static void add(Run<?, ?> run, CheckoutNews news, boolean listedByJenkins) {
        synchronized (run) {
            CheckoutAction action = run.getAction(CheckoutAction.class);
            if (action == null) {
                action = new CheckoutAction();
                run.addAction(action);
            }
            action.add(new Line(news, listedByJenkins));
        }
    }

    private synchronized void add(Line line) {
        if (lines.size() < MOST && lines.stream().noneMatch(line::isSame)) {
            lines.add(line);
        }
    }

    /** The checkouts that no other summary of the page shows: that of a mini program names its commit itself. */
    public List<Line> getLines() {
        List<String> shown = run == null
                ? List.of()
                : run.getAllActions().stream().flatMap(CheckoutAction::commits).toList();
        return all().stream()
                .filter(each ->
                        !shown.contains(each.commit) || !each.getChanges().isEmpty())
                .toList();
    }

    private static Stream<String> commits(Action action) {
        return action instanceof BuildNews news
                ? Stream.concat(Stream.of(news.newsFacts()), news.newsOfPrograms().values().stream())
                        .map(facts -> facts.getOrDefault(Fact.COMMIT, ""))
                : Stream.of();
    }

    private synchronized List<Line> all() {
        return new ArrayList<>(lines);
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** One checkout. All text in it is from outside. */
    public static final class Line {
        private final String url;
        private final String branch;
        private final String commit;
        private final String author;
        private final String subject;
        /** Empty if there is none. */
        private final String link;
        /** As JSON; empty where Jenkins itself lists them, and where there are none. */
        private final String changes;

        Line(CheckoutNews news, boolean listedByJenkins) {
            url = news.url();
            branch = news.branch();
            commit = news.commit();
            author = news.author();
            subject = news.subject();
            link = news.page().isEmpty() ? "" : news.page() + news.commit();
            changes = listedByJenkins ? "" : news.changes();
        }

        private boolean isSame(Line other) {
            return url.equals(other.url) && branch.equals(other.branch) && commit.equals(other.commit);
        }

        public String getUrl() {
            return url;
        }

        /** The branch or tag; may be empty. */
        public String getBranch() {
            return branch;
        }

        public String getCommit() {
            return commit;
        }

        public String getShortCommit() {
            return commit.substring(0, Math.min(10, commit.length()));
        }

        public String getAuthor() {
            return author;
        }

        public String getSubject() {
            return subject;
        }

        /** The commit's page at the service; empty if it has none. */
        public String getLink() {
            return link;
        }

        /** The commits since the build before, one line each, where Jenkins does not list them. */
        public List<String> getChanges() {
            if (changes.isEmpty()) {
                return List.of();
            }
            try {
                return Stream.of(Json.MAPPER.readValue(changes, ListedCommit[].class))
                        .map(each -> each.subject() + " (" + each.author() + ", "
                                + each.id().substring(0, 10) + ")")
                        .toList();
            } catch (JsonProcessingException e) {
                return List.of();
            }
        }
    }
}
