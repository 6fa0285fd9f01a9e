package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Shows {@link WorkflowRunsAction} on builds in which a workflow ran, from the moment it began. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class WorkflowRunsActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return WorkflowRunsAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        Run<?, ?> run = target;
        // A cheap question, since it is asked for each build on each page: folders are numbered from 1.
        return Files.isDirectory(WorkflowRunsAction.folder(run).resolve("workflow-1"))
                ? List.of(new WorkflowRunsAction(run))
                : List.of();
    }
}
