package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import io.jenkins.plugins.minibuild.workflow.plan.Place;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import java.util.List;
import java.util.Map;

/** Plans made by hand. */
final class Plans {
    private Plans() {}

    static Plan plan(int maxParallel, boolean failFast, List<PlannedJob> jobs) {
        return new Plan("test", "", "", Map.of(), Map.of(), 0, maxParallel, failFast, List.of(), jobs);
    }

    static PlannedJob job(String id, List<String> needs, String when, PlannedStep... steps) {
        return job(id, needs, when, Retry.NONE, false, List.of(steps));
    }

    static PlannedJob job(
            String id, List<String> needs, String when, Retry retry, boolean mayFail, List<PlannedStep> steps) {
        return new PlannedJob(
                id,
                id,
                id,
                id.startsWith("after") ? PlannedJob.Role.POST : PlannedJob.Role.JOB,
                Map.of(),
                -1,
                needs,
                when == null ? null : Expression.of(when),
                null,
                Sources.NONE,
                0,
                retry,
                mayFail,
                0,
                1,
                List.of(),
                List.of(),
                List.of(),
                steps);
    }

    static PlannedStep step(String name) {
        return step(name, null, Retry.NONE, false);
    }

    /** A step that the controller runs where its name begins with {@code use}. */
    static PlannedStep step(String name, String when, Retry retry, boolean mayFail) {
        boolean use = name.startsWith("use");
        return new PlannedStep(
                name,
                name.startsWith("post") ? PlannedStep.Phase.POST : PlannedStep.Phase.MAIN,
                use ? null : Template.of("echo " + name),
                use ? "pretended" : null,
                Map.of(),
                null,
                null,
                null,
                Place.HOST,
                List.of("sh", "-c"),
                Template.of(""),
                Map.of(),
                0,
                when == null ? null : Expression.of(when),
                retry,
                mayFail,
                List.of());
    }
}
