package io.jenkins.plugins.minibuild.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;

/** A plan as pages draw it: names, order and places. Commands, variables and what else is code stay out. */
final class PlanJson {
    private PlanJson() {}

    static ObjectNode of(Plan plan) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("name", plan.name())
                .put("file", plan.file())
                .put("sha256", plan.sha256());
        ArrayNode stages = json.putArray("stages");
        plan.stages().forEach(each -> stages.add(each.name()));
        ArrayNode jobs = json.putArray("jobs");
        plan.jobs().forEach(each -> jobs.add(job(each)));
        return json;
    }

    private static ObjectNode job(PlannedJob job) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("id", job.id())
                .put("name", job.name())
                .put("role", job.role().name())
                .put("stage", job.stage())
                .put("agent", job.agent() == null ? "" : job.agent().source())
                .put("when", job.when() == null ? "" : job.when().source())
                .put("continueOnError", job.continueOnError());
        ArrayNode needs = json.putArray("needs");
        job.needs().forEach(needs::add);
        ArrayNode steps = json.putArray("steps");
        job.steps().forEach(each -> steps.add(step(each)));
        return json;
    }

    private static ObjectNode step(PlannedStep step) {
        return Json.MAPPER
                .createObjectNode()
                .put("name", step.name())
                .put("phase", step.phase().name())
                .put("uses", step.uses() == null ? "" : step.uses())
                .put(
                        "image",
                        step.place().image() == null ? "" : step.place().image().source());
    }
}
