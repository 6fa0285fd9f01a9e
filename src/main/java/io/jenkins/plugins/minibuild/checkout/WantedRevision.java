package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.CheckoutRequest.EventUse;
import io.jenkins.plugins.minibuild.checkout.CheckoutRequest.Revision;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.SourceCommit;

/**
 * Decides which commit of a repository a build checks out: the one that the step names, the one of the build that it retries, or the one of the event
 * that started it.
 *
 * @param revision to check out
 * @param why a line for the log; null where there is nothing to say
 */
record WantedRevision(Revision revision, @CheckForNull String why) {

    /** @param given what the step says */
    static WantedRevision of(BuildContext context, RepositoryUrl url, Revision given) {
        if (!given.commit().isEmpty()) {
            return new WantedRevision(given, null);
        }
        WantedRevision wanted = byEvent(context.record().source(), url, given);
        String retried = context.record().recallRetried(GitCheckout.recalled(url));
        return retried != null && RefName.isCommit(retried)
                ? new WantedRevision(new Revision(wanted.revision().ref(), retried, given.event()), wanted.why())
                : wanted;
    }

    private static WantedRevision byEvent(@CheckForNull SourceCommit source, RepositoryUrl url, Revision given) {
        if (source == null || given.event() == EventUse.NEVER || !isUsable(source)) {
            return new WantedRevision(given, null);
        }
        if (!isAbout(source, url)) {
            String other = source.repositories().stream().findFirst().orElse("-");
            return new WantedRevision(given, Messages.WantedRevision_OtherRepository(other, url.text()));
        }
        String event = Mirror.shortName(source.ref());
        String branch = Mirror.shortName(given.ref());
        boolean same = branch.isEmpty() || branch.equals(event);
        if (!same && given.event() == EventUse.ON_SAME_BRANCH) {
            return new WantedRevision(given, Messages.WantedRevision_OtherBranch(event, branch));
        }
        return new WantedRevision(
                new Revision(source.ref(), source.commit() == null ? "" : source.commit(), given.event()),
                same ? null : Messages.WantedRevision_InsteadOfBranch(event, branch));
    }

    /** It comes from outside. */
    private static boolean isUsable(SourceCommit source) {
        return RefName.isValid(source.ref()) && (source.commit() == null || RefName.isCommit(source.commit()));
    }

    private static boolean isAbout(SourceCommit source, RepositoryUrl url) {
        return source.repositories().stream().anyMatch(address -> {
            try {
                return RepositoryUrl.parse(address).sameRepository(url);
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
    }
}
