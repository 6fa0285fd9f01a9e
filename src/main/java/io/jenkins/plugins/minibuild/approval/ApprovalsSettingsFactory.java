package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.Approvals;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Gives tasks what people decided in the human reviews of their build and of the builds of the job before it. */
@Extension
public final class ApprovalsSettingsFactory extends SettingsFactory {
    /** How many builds are looked through: each may have to be read from disk. */
    private static final int BUILDS = 100;

    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        return kind == Approvals.class && run != null
                ? List.of(kind.cast((Approvals) commit -> approvals(commit, stores(run))))
                : List.of();
    }

    /** The stores of the build and of the builds before it, the newest first; each is made when it is asked for. */
    private static Iterator<HumanReviewStore> stores(Run<?, ?> run) {
        return Stream.<Run<?, ?>>iterate(run, each -> each != null, each -> each.getPreviousBuild())
                .limit(BUILDS)
                .map(HumanReviewAdapter::store)
                .iterator();
    }

    /** @param stores of builds, the newest first */
    static int approvals(String commit, Iterator<HumanReviewStore> stores) throws IOException {
        while (stores.hasNext()) {
            HumanReviewStore store = stores.next();
            for (int number = store.count(); number > 0; number--) {
                HumanReview each = store.get(number);
                if (!each.isWaiting() && each.change().head().commit().equals(commit)) {
                    return each.outcome() == HumanReview.Outcome.APPROVED
                            ? each.approvers().size()
                            : 0;
                }
            }
        }
        return 0;
    }
}
