package io.jenkins.plugins.minibuild.review;

import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The reviews of a build, read from its folder; there is one as soon as there is a review, see {@link ReviewActionFactory}. */
public final class ReviewAction implements Action {
    static final String URL = "mini-build-review";

    private final Run<?, ?> run;

    ReviewAction(Run<?, ?> run) {
        this.run = run;
    }

    /** Where the reviews of a build are kept. */
    public static ReviewStore store(Run<?, ?> run) {
        return new ReviewStore(folder(run));
    }

    private static Path folder(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("mini-build");
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

    /** The reviews in their order. */
    public List<ReviewReport> getReports() throws IOException {
        run.checkPermission(Item.READ);
        return store(run).all();
    }

    /** The last review of the build; empty if there is none. */
    public Optional<ReviewReport> latest() throws IOException {
        return store(run).latest();
    }
}
