package io.jenkins.plugins.minibuild.limits.retry;

import hudson.model.Action;
import hudson.model.Run;
import hudson.plugins.git.Revision;
import hudson.plugins.git.RevisionParameterAction;
import hudson.plugins.git.util.BuildData;
import java.util.List;
import org.jenkinsci.plugins.variant.OptionalExtension;

/** The commit of a build that checked out one repository with Jenkins' git plugin: the retry checks out the same commit. */
@OptionalExtension(requirePlugins = "git")
public final class GitRetryAdapter extends RetryActionsFactory {
    @Override
    public List<Action> actionsFor(Run<?, ?> run) {
        List<BuildData> built = run.getActions(BuildData.class);
        Revision revision = built.size() == 1 ? built.get(0).getLastBuiltRevision() : null;
        return revision == null ? List.of() : List.of(new RevisionParameterAction(revision.getSha1String()));
    }
}
