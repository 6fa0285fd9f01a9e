package io.jenkins.plugins.minibuild.workflow;

import io.jenkins.plugins.minibuild.workflow.run.JobState;
import io.jenkins.plugins.minibuild.workflow.run.RunState;
import io.jenkins.plugins.minibuild.workflow.run.State;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a workflow ended.
 *
 * @param number of the run in its build; 0 for one that was only planned
 * @param state of the whole
 * @param text why, for people; empty for nothing
 * @param jobs by id: {@code state}, and {@code outputs}
 */
record WorkflowResult(int number, State state, String text, Map<String, Map<String, Object>> jobs) {
    static WorkflowResult of(int number, RunState run, String text) {
        Map<String, Map<String, Object>> jobs = new LinkedHashMap<>();
        for (JobState job : run.getJobs()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("state", job.getState().word());
            one.put("outputs", new LinkedHashMap<>(job.getOutputs()));
            jobs.put(job.getId(), one);
        }
        return new WorkflowResult(number, run.getState(), text, jobs);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", number);
        map.put("state", state.word());
        map.put("jobs", new LinkedHashMap<>(jobs));
        return map;
    }
}
