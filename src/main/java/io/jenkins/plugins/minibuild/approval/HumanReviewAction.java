package io.jenkins.plugins.minibuild.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.CodeAdapter;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.text.DateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** The page on which people see the change of a build and give a verdict on it; the same over REST. */
public final class HumanReviewAction implements Action {
    static final String URL = "mini-build-approval";

    private final Run<?, ?> run;

    HumanReviewAction(Run<?, ?> run) {
        this.run = run;
    }

    @Override
    public String getIconFileName() {
        return "symbol-people";
    }

    @Override
    public String getDisplayName() {
        return Messages.HumanReviewAction_displayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    public Run<?, ?> getRun() {
        return run;
    }

    /** The reviews in their order. */
    public List<Page> getReviews() throws IOException {
        run.checkPermission(Item.READ);
        List<Page> pages = new ArrayList<>();
        for (HumanReview review : HumanReviewAdapter.store(run).all()) {
            pages.add(new Page(run, review));
        }
        return pages;
    }

    /** The page of a review by its number; null for none. */
    @CheckForNull
    public Page getDynamic(String number) throws IOException {
        CodeAdapter.check(run);
        if (!number.matches("[1-9][0-9]{0,5}")) {
            return null;
        }
        try {
            return new Page(run, HumanReviewAdapter.store(run).get(Integer.parseInt(number)));
        } catch (NoSuchElementException e) {
            return null;
        }
    }

    /**
     * A verdict on the page.
     *
     * @param review the number of the review in which it was given
     */
    public record Row(int review, Vote vote) {
        /** Its time in the reader's language. */
        public String when() {
            return HumanReviewAction.when(vote.at());
        }
    }

    private static String when(long millis) {
        return DateFormat.getDateTimeInstance(
                        DateFormat.MEDIUM,
                        DateFormat.SHORT,
                        Messages.HumanReviewAction_locale().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH)
                .format(new Date(millis));
    }

    /** One review. */
    public static final class Page {
        private final Run<?, ?> run;
        private final HumanReview review;

        private Page(Run<?, ?> run, HumanReview review) {
            this.run = run;
            this.review = review;
        }

        public Run<?, ?> getRun() {
            return run;
        }

        public int getNumber() {
            return review.number();
        }

        public String getTitle() {
            return Messages.HumanReviewAction_title(run.getFullDisplayName());
        }

        public String getMessage() {
            return review.question().message();
        }

        /** Whether a verdict is still awaited; false when the build has ended. */
        public boolean isWaiting() {
            return review.isWaiting() && run.isBuilding();
        }

        /** {@code waiting}, {@code approved} and so on. */
        public String getState() {
            return review.isWaiting() && !run.isBuilding()
                    ? "aborted"
                    : review.outcome().word();
        }

        public String getStateTitle() {
            return review.isWaiting() && !run.isBuilding()
                    ? HumanReview.Outcome.ABORTED.title()
                    : review.outcome().title();
        }

        /** How many approve it, and how many have to: {@code 1/2}. */
        public String getApprovals() {
            return review.approvers().size() + "/" + review.question().rules().minApprovals();
        }

        public String getReviewers() {
            return review.question().rules().reviewers().stream()
                    .map(each -> String.join(", ", each))
                    .collect(Collectors.joining("; "));
        }

        /** Who asked for it or made it, with the reason; with {@link #isFourEyes} they may not approve it. */
        public String getRequesters() {
            return review.question().requesters().stream()
                    .map(each -> each.user() + " (" + each.reason().title() + ")")
                    .collect(Collectors.joining(", "));
        }

        /** Why it takes more approvals than the step asks for; empty if it does not. */
        public String getWhy() {
            return review.question().rules().why();
        }

        /** Who wrote the commits, as the commits say: in pieces, as anybody writes anything into a commit. */
        public List<Piece> getAuthors() {
            return pieces(String.join(", ", review.change().authors()));
        }

        public boolean isFourEyes() {
            return review.question().rules().fourEyes();
        }

        public String getSince() {
            return when(review.question().since());
        }

        /** Empty for never. */
        public String getUntil() {
            return review.question().until() == 0 ? "" : when(review.question().until());
        }

        /** The name of the base in pieces, as that of the head: git allows characters in names that nobody sees. */
        public List<Piece> getBase() {
            return pieces(review.change().base().name());
        }

        /** Empty for a change that has no name. */
        public List<Piece> getHead() {
            return pieces(review.change().head().name());
        }

        private static List<Piece> pieces(String text) {
            return text.isEmpty() ? List.of() : VisibleText.pieces(text);
        }

        public String getCommit() {
            return review.change().head().commit();
        }

        public String getDiffSha256() {
            return review.change().diffSha256();
        }

        public String getSummary() {
            return review.extent();
        }

        /** Whether the reader has the permission to give a verdict. */
        public boolean isPermitted() {
            return run.hasPermission(PermissionsAdapter.REVIEW);
        }

        /** Why the reader may not give a verdict; empty if they may. */
        public String getObjection() {
            String objection = review.objection(HumanReviewAdapter.viewer(), null);
            return objection == null ? "" : objection;
        }

        /** Why the reader may not approve; empty if they may. */
        public String getApproveObjection() {
            String objection = review.objection(HumanReviewAdapter.viewer(), Verdict.APPROVE);
            return objection == null ? "" : objection;
        }

        /** The verdicts on this change and on the earlier ones of the build. */
        public List<Row> getVotes() throws IOException {
            List<Row> rows = new ArrayList<>();
            for (HumanReview each : HumanReviewAdapter.store(run).all()) {
                if (each.number() <= review.number()) {
                    each.votes().forEach(vote -> rows.add(new Row(each.number(), vote)));
                }
            }
            return rows;
        }

        /** The model's review of the same change; null if there is none. */
        @CheckForNull
        public ReviewReport getReport() throws IOException {
            CodeAdapter.check(run);
            return HumanReviewAdapter.report(run, review).orElse(null);
        }

        /** The change with the findings at its lines. */
        public DiffView getDiff() throws IOException {
            CodeAdapter.check(run);
            return HumanReviewAdapter.view(run, review);
        }

        private ObjectNode state() {
            ObjectNode state = Json.MAPPER.valueToTree(review.toMap());
            state.put("waiting", isWaiting());
            state.put("state", getState());
            state.put("minApprovals", review.question().rules().minApprovals());
            state.put("message", review.question().message());
            state.put("since", review.question().since());
            state.put("until", review.question().until());
            ReviewedChange change = review.change();
            state.putObject("change")
                    .put("base", change.base().name())
                    .put("head", change.head().name())
                    .put("baseCommit", change.base().commit())
                    .put("headCommit", change.head().commit())
                    .put("diffSha256", change.diffSha256())
                    .put("review", review.review())
                    .put("files", change.size().files())
                    .put("additions", change.size().additions())
                    .put("deletions", change.size().deletions());
            return state;
        }

        /** The state of the review as JSON. */
        @GET
        public void doState(StaplerResponse2 response) throws IOException {
            run.checkPermission(Item.READ);
            ResponseAdapter.json(response, state());
        }

        /** The whole diff, secrets masked. */
        @GET
        public void doDiff(StaplerResponse2 response) throws IOException {
            CodeAdapter.check(run);
            ResponseAdapter.send(
                    response, "text/plain", HumanReviewAdapter.store(run).diff(review.number()));
        }

        /**
         * Rows of a file of the change with the whole of their text, as JSON: {@code rows}, {@code next} and {@code left}. 404 without such a file.
         *
         * @param file its number in the change, from 0
         * @param from the first row's place in the file, from 0
         * @param most how many rows are wanted
         */
        @GET
        public void doRows(
                StaplerResponse2 response, @QueryParameter int file, @QueryParameter int from, @QueryParameter int most)
                throws IOException {
            CodeAdapter.check(run);
            DiffView.Rows rows = getDiff().part(file, from, most);
            if (rows == null) {
                response.sendError(404);
            } else {
                ResponseAdapter.json(response, rows);
            }
        }

        /**
         * Takes a verdict. A client that accepts JSON gets the new state, or 409 with {@code error} when the verdict is refused; a browser gets the page.
         *
         * @param verdict {@code approve}, {@code reject} or {@code needsRevision}
         * @param diffSha256 of the diff that was looked at, as the page and {@code state} name it
         * @param opened {@code true} from whoever has also looked at what the page does not show at first, or not at all
         */
        @RequirePOST
        public void doVerdict(
                StaplerRequest2 request,
                StaplerResponse2 response,
                @QueryParameter String verdict,
                @QueryParameter String comment,
                @QueryParameter String diffSha256,
                @QueryParameter boolean opened)
                throws IOException, ServletException {
            run.checkPermission(PermissionsAdapter.REVIEW);
            String accepts = Util.fixNull(request.getHeader("Accept"));
            boolean json = accepts.contains("application/json");
            try {
                HumanReview changed = HumanReviewAdapter.get()
                        .vote(
                                run,
                                review.number(),
                                Verdict.of(verdict),
                                Util.fixNull(comment),
                                Util.fixNull(diffSha256),
                                json ? "rest" : "page",
                                opened);
                if (json) {
                    ResponseAdapter.json(response, new Page(run, changed).state());
                } else {
                    response.sendRedirect(".");
                }
            } catch (IllegalArgumentException e) {
                response.setStatus(409);
                if (json) {
                    ResponseAdapter.json(response, Map.of("error", String.valueOf(e.getMessage())));
                } else {
                    request.setAttribute("problem", e.getMessage());
                    request.setAttribute("said", Util.fixNull(comment));
                    request.getView(this, "index.jelly").forward(request, response);
                }
            }
        }
    }
}
