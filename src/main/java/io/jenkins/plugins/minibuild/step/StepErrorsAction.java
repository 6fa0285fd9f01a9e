package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * What went wrong in the steps of a build, on its page and in the API, in the words of the log: the cause and what to do. Safe for several threads: steps in
 * parallel branches fail together, and Jenkins may store the build meanwhile.
 */
@ExportedBean
public final class StepErrorsAction extends RunPageAction {
    private static final int MOST = 50;
    private static final int LONGEST = 8000;

    /** In their order. The list is replaced, never changed. */
    private volatile List<StepError> errors = new ArrayList<>();

    /**
     * Adds an error to the page of a build and stores the build.
     *
     * @param step the name of the step as a Jenkinsfile has it
     * @param text the first line names the cause, the others what to do; without secrets; null is shown as the step's name alone
     */
    public static void add(Run<?, ?> run, String step, @CheckForNull String text) throws IOException {
        synchronized (run) {
            StepErrorsAction shown = run.getAction(StepErrorsAction.class);
            StepErrorsAction action = shown == null ? new StepErrorsAction() : shown;
            action.add(step, text);
            if (shown == null) {
                run.addAction(action);
            }
        }
        run.save();
    }

    synchronized void add(String step, @CheckForNull String text) {
        StepError error = new StepError(step, text == null ? "" : text.strip());
        // A step that is tried again and again says the same.
        if (errors.size() < MOST && errors.stream().noneMatch(error::says)) {
            List<StepError> more = new ArrayList<>(errors);
            more.add(error);
            errors = more;
        }
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "mini-build-errors";
    }

    /** What went wrong, in its order. */
    @Exported(visibility = 2)
    public List<StepError> getErrors() {
        return List.copyOf(errors);
    }

    /** Whether the build went on and ended well: the errors were caught then, or a second try had no error. */
    public boolean isOvercome() {
        Run<?, ?> run = getRun();
        return run != null && !run.isBuilding() && Result.SUCCESS.equals(run.getResult());
    }

    /** One error. Immutable. No record: XStream cannot read one. */
    @ExportedBean(defaultVisibility = 2)
    public static final class StepError implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String step;
        private final String text;

        private StepError(String step, String text) {
            this.step = step;
            this.text = text.length() > LONGEST ? text.substring(0, LONGEST) + " ..." : text;
        }

        /** The name of the step as a Jenkinsfile has it. */
        @Exported
        public String getStep() {
            return step;
        }

        /** Cause and remedy as the log has them; may have several lines, may be empty. */
        @Exported
        public String getText() {
            return text;
        }

        /** The lines of the text; the first is the cause. */
        public List<String> getLines() {
            return text.lines().toList();
        }

        private boolean says(StepError other) {
            return step.equals(other.step) && text.equals(other.text);
        }
    }
}
