package io.jenkins.plugins.minibuild.review;

import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.CodeAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The reviews of a build, read from its folder; there is one as soon as there is a review, see {@link ReviewActionFactory}. */
@ExportedBean
public final class ReviewAction implements Action {
    static final String URL = "mini-build-review";

    private final Run<?, ?> run;

    ReviewAction(Run<?, ?> run) {
        this.run = run;
    }

    /** Where the reviews of a build are kept. */
    public static ReviewStore store(Run<?, ?> run) {
        return new ReviewStore(run.getRootDir().toPath().resolve("mini-build"));
    }

    @Override
    public String getIconFileName() {
        return "symbol-search";
    }

    @Override
    public String getDisplayName() {
        return Messages.ReviewAction_displayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** The build. */
    public Run<?, ?> getRun() {
        return run;
    }

    /** As a Pipeline is given them; none for a user who may not see code. */
    @Exported(name = "reviews")
    public List<Map<String, Object>> getReviews() throws IOException {
        return CodeAdapter.maySee(run)
                ? store(run).all().stream().map(ReviewReport::toMap).toList()
                : List.of();
    }

    /** The last review of the build; empty if there is none. */
    public Optional<ReviewReport> latest() throws IOException {
        return store(run).latest();
    }

    /** The reviews as the page shows them, the last first. */
    public List<View> getViews() throws IOException {
        run.checkPermission(Job.READ);
        boolean code = CodeAdapter.maySee(run);
        List<View> views = new ArrayList<>();
        store(run).all().forEach(each -> views.add(0, new View(each, code)));
        return views;
    }

    /** A review in the form that pages want: Jelly reads beans, not records. What the model wrote is empty for a user who may not see code. */
    public static final class View {
        private final ReviewReport report;
        private final boolean code;

        View(ReviewReport report, boolean code) {
            this.report = report;
            this.code = code;
        }

        /** Whether the reader may see what the model wrote. */
        public boolean isCode() {
            return code;
        }

        /** Of the review in its build. */
        public int getNumber() {
            return report.number();
        }

        /** 0 to 100. */
        public int getScore() {
            return report.score();
        }

        /** {@code good}, {@code fair} or {@code poor}: the colour of the score. */
        public String getColor() {
            return report.score() >= 80 ? "good" : report.score() >= 60 ? "fair" : "poor";
        }

        /** The model's words. */
        public String getSummary() {
            return code ? report.summary() : "";
        }

        /** The result that the review gave the build; empty for none. */
        public String getReason() {
            return report.gate().reason();
        }

        /** The two sides of the change, for people. */
        public String getCompared() {
            ReviewReport.Change change = report.change();
            String base = change.base().isEmpty() ? shortened(change.baseCommit()) : change.base();
            String head = change.head().isEmpty() ? shortened(change.headCommit()) : change.head();
            return base + " … " + head + (change.workspace() ? " +" : "");
        }

        private static String shortened(String commit) {
            return commit.length() > 10 ? commit.substring(0, 10) : commit;
        }

        /** Files that the change touches. */
        public int getFiles() {
            return report.change().size().files();
        }

        /** Lines. */
        public int getAdditions() {
            return report.change().size().additions();
        }

        /** Lines. */
        public int getDeletions() {
            return report.change().size().deletions();
        }

        /** The newest commit of the review before, shortened; empty when everything was looked at. */
        public String getSince() {
            return shortened(report.change().since());
        }

        public int getErrors() {
            return report.count(Severity.ERROR);
        }

        public int getWarnings() {
            return report.count(Severity.WARNING);
        }

        public int getInfos() {
            return report.count(Severity.INFO);
        }

        /** Findings of the review before that do not stand any more. */
        public int getResolved() {
            return report.resolved();
        }

        /** Findings that were not believed. */
        public int getDropped() {
            return report.dropped().total();
        }

        /** US dollars, for people. */
        public String getCost() {
            return String.format(java.util.Locale.ROOT, "%.4f", report.cost().dollars());
        }

        public int getTurns() {
            return report.cost().turns();
        }

        public long getSeconds() {
            return report.cost().millis() / 1000;
        }

        /** The path of the SARIF file, below the build's. */
        public String getArtifact() {
            return "artifact/" + report.artifact();
        }

        /** Category, verdict and comment. */
        public List<Row> getVerdicts() {
            return report.verdicts().stream()
                    .map(each -> new Row(
                            each.passed() ? "good" : "poor",
                            each.category().title(),
                            each.passed() ? Messages.ReviewAction_passed() : Messages.ReviewAction_failed(),
                            code ? each.comment() : ""))
                    .toList();
        }

        /** Files and reasons. */
        public List<Row> getNotReviewed() {
            return report.notReviewed().stream()
                    .map(each -> new Row("", each.file(), each.reason(), ""))
                    .toList();
        }

        /** The findings by severity, the worst first. */
        public List<Group> getGroups() {
            List<Group> groups = new ArrayList<>();
            for (Severity severity : Severity.values()) {
                List<Item> items = report.findings().stream()
                        .filter(each -> code && each.severity() == severity)
                        .map(Item::new)
                        .toList();
                if (!items.isEmpty()) {
                    groups.add(new Group(severity, items));
                }
            }
            return groups;
        }

        /** Findings of one severity. */
        public static final class Group {
            private final Severity severity;
            private final List<Item> items;

            Group(Severity severity, List<Item> items) {
                this.severity = severity;
                this.items = items;
            }

            public String getWord() {
                return severity.word();
            }

            public String getTitle() {
                return severity.title();
            }

            public int getCount() {
                return items.size();
            }

            public List<Item> getItems() {
                return items;
            }
        }

        /** A finding. */
        public static final class Item {
            private final Finding finding;

            Item(Finding finding) {
                this.finding = finding;
            }

            public String getPlace() {
                return finding.place();
            }

            public String getCategory() {
                return finding.category().title();
            }

            public String getSnippet() {
                return finding.snippet();
            }

            public String getProblem() {
                return finding.problem();
            }

            public String getSuggestion() {
                return finding.suggestion();
            }

            public boolean isCarried() {
                return finding.carried();
            }
        }

        /** A row of a table. */
        public static final class Row {
            private final String color;
            private final String name;
            private final String value;
            private final String comment;

            Row(String color, String name, String value, String comment) {
                this.color = color;
                this.name = name;
                this.value = value;
                this.comment = comment;
            }

            public String getColor() {
                return color;
            }

            public String getName() {
                return name;
            }

            public String getValue() {
                return value;
            }

            public String getComment() {
                return comment;
            }
        }
    }
}
