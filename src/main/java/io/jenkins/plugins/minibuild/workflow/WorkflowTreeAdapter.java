package io.jenkins.plugins.minibuild.workflow;

import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import io.jenkins.plugins.minibuild.workflow.run.JobState;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.RunState;
import io.jenkins.plugins.minibuild.workflow.run.StepState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A run of a workflow in the build's API: all of its jobs and their steps. Times are milliseconds since 1970, 0 for not yet. */
@ExportedBean(defaultVisibility = WorkflowTreeAdapter.WHOLE)
public final class WorkflowTreeAdapter {
    /** Who is shown the workflow at all is shown all of it. */
    static final int WHOLE = 99;

    private final int number;
    private final Plan plan;
    private final RunState state;

    private WorkflowTreeAdapter(int number, Plan plan, RunState state) {
        this.number = number;
        this.plan = plan;
        this.state = state;
    }

    static WorkflowTreeAdapter of(RunFolder folder) throws IOException {
        Plan plan = folder.plan();
        return new WorkflowTreeAdapter(folder.number(), plan, folder.state(plan));
    }

    /** Which workflow of the build it is, from 1. */
    @Exported
    public int getNumber() {
        return number;
    }

    @Exported
    public String getName() {
        return plan.name();
    }

    /** The file that it was read from; empty for text of the job. */
    @Exported
    public String getFile() {
        return plan.file();
    }

    /** Of the YAML, in hexadecimal digits. */
    @Exported
    public String getSha256() {
        return plan.sha256();
    }

    @Exported
    public String getState() {
        return state.getState().word();
    }

    @Exported
    public long getStarted() {
        return state.getStarted();
    }

    @Exported
    public long getEnded() {
        return state.getEnded();
    }

    @Exported
    public String getText() {
        return state.getText();
    }

    @Exported
    public List<JobTree> getJobs() {
        List<JobTree> jobs = new ArrayList<>();
        plan.jobs().forEach(each -> jobs.add(new JobTree(each, state.job(each.id()))));
        return jobs;
    }

    /** A job. */
    @ExportedBean(defaultVisibility = WHOLE)
    public static final class JobTree {
        private final PlannedJob job;
        private final JobState state;

        private JobTree(PlannedJob job, JobState state) {
            this.job = job;
            this.state = state;
        }

        @Exported
        public String getId() {
            return job.id();
        }

        @Exported
        public String getName() {
            return job.name();
        }

        @Exported
        public List<String> getNeeds() {
            return job.needs();
        }

        @Exported
        public String getState() {
            return state.getState().word();
        }

        /** From 1; 0 before the first. */
        @Exported
        public int getAttempt() {
            return state.getAttempt();
        }

        /** The node that runs it, empty for the controller's own; null before it has one. */
        @Exported
        public String getAgent() {
            return state.getAgent();
        }

        /** Since when nothing but a place keeps it. */
        @Exported
        public long getReady() {
            return state.getReady();
        }

        @Exported
        public long getStarted() {
            return state.getStarted();
        }

        @Exported
        public long getEnded() {
            return state.getEnded();
        }

        @Exported
        public String getText() {
            return state.getText();
        }

        /** The names of its outputs; values can be long. */
        @Exported
        public List<String> getOutputs() {
            return state.getOutputs().keySet().stream().sorted().toList();
        }

        @Exported
        public List<StepTree> getSteps() {
            List<StepTree> steps = new ArrayList<>();
            List<StepState> states = state.getSteps();
            for (int i = 0; i < job.steps().size(); i++) {
                steps.add(new StepTree(job.steps().get(i), states.get(i)));
            }
            return steps;
        }
    }

    /** A step. */
    @ExportedBean(defaultVisibility = WHOLE)
    public static final class StepTree {
        private final PlannedStep step;
        private final StepState state;

        private StepTree(PlannedStep step, StepState state) {
            this.step = step;
            this.state = state;
        }

        @Exported
        public String getName() {
            return step.name();
        }

        @Exported
        public String getState() {
            return state.state().word();
        }

        @Exported
        public int getAttempt() {
            return state.attempt();
        }

        @Exported
        public long getStarted() {
            return state.started();
        }

        @Exported
        public long getEnded() {
            return state.ended();
        }

        /** Of the last attempt; null if it has none. */
        @Exported
        public Integer getExitCode() {
            return state.exitCode();
        }

        @Exported
        public String getText() {
            return state.text();
        }
    }
}
