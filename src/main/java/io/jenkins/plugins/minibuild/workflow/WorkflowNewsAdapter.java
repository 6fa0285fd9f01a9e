package io.jenkins.plugins.minibuild.workflow;

import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.workflow.run.Entry;
import io.jenkins.plugins.minibuild.workflow.run.State;
import java.io.IOException;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells the rest of the plugin what happens in workflows. */
final class WorkflowNewsAdapter {
    /** How the last workflow of a build ended. */
    static final Fact STATE = new Fact("workflow.state");

    private static final Logger LOGGER = Logger.getLogger(WorkflowNewsAdapter.class.getName());
    private static final int RECALLED_BUILDS = 50;

    private WorkflowNewsAdapter() {}

    /**
     * Fires the event of an entry of a journal, if it is one that people want to hear of. Called once for each, on a thread that may wait.
     *
     * @param workflow its name
     */
    static void tell(Run<?, ?> run, int number, String workflow, Entry entry) {
        State state = entry.state();
        if (state == null || state.isOpen()) {
            return;
        }
        String page = WorkflowRunsAction.URL + "/" + number + "/";
        if (entry.kind() == Entry.Kind.JOB && state == State.FAILED) {
            BuildNewsListener.fire(
                    run,
                    BuildEvent.JOB_FAILED,
                    Map.of(Fact.DETAILS, workflow + ": " + entry.job() + ": " + entry.text(), Fact.PAGE_URL, page));
        } else if (entry.kind() == Entry.Kind.RUN) {
            String before = before(run);
            remember(run, state, entry.text());
            String details = workflow + ": " + state.word() + (entry.text().isEmpty() ? "" : ": " + entry.text());
            Map<Fact, String> facts = Map.of(Fact.DETAILS, details, Fact.PAGE_URL, page);
            BuildNewsListener.fire(run, BuildEvent.WORKFLOW_ENDED, facts);
            if (state == State.SUCCEEDED && before.equals(State.FAILED.word())) {
                BuildNewsListener.fire(run, BuildEvent.WORKFLOW_RECOVERED, facts);
            }
        }
    }

    private static String before(Run<?, ?> run) {
        Run<?, ?> earlier = run.getPreviousBuild();
        for (int i = 0; i < RECALLED_BUILDS && earlier != null; i++) {
            String state = BuildFactsAction.of(earlier, STATE);
            if (state != null && !state.equals(State.CANCELLED.word())) {
                return state;
            }
            earlier = earlier.getPreviousBuild();
        }
        return "";
    }

    private static void remember(Run<?, ?> run, State state, String text) {
        try {
            BuildFactsAction.add(
                    run,
                    state == State.FAILED
                            ? Map.of(STATE, state.word(), Fact.ERROR, text)
                            : Map.of(STATE, state.word()));
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The end of a workflow was not stored in " + run, e);
        }
    }
}
