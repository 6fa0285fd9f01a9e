package io.jenkins.plugins.minibuild.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Workflow;
import io.jenkins.plugins.minibuild.workflow.parse.ParsedWorkflow;
import io.jenkins.plugins.minibuild.workflow.parse.Problem;
import io.jenkins.plugins.minibuild.workflow.parse.WorkflowParser;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlanRequest;
import io.jenkins.plugins.minibuild.workflow.plan.Planner;
import io.jenkins.plugins.minibuild.workflow.plan.UnplannableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be said of a workflow's file without running it: its problems, and its plan where it has one. Immutable.
 *
 * @param problems in the order of the file
 * @param plan null if the workflow cannot run
 * @param lines where each job of the file begins, from 1, by its id
 */
record WorkflowCheck(List<Problem> problems, @CheckForNull Plan plan, Map<String, Integer> lines) {
    /** More bytes than the longest text that the parser reads can have; it says itself what is too long. */
    private static final int MOST_BYTES = (4 << 20) + 1;

    WorkflowCheck {
        problems = List.copyOf(problems);
        lines = Map.copyOf(lines);
    }

    /** Reads what is to be checked; of a text that is too long no more than it takes to say so. */
    static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }

    /**
     * Checks a text.
     *
     * @param steps the names that {@code uses} can have
     */
    static WorkflowCheck of(String yaml, Collection<String> steps) {
        ParsedWorkflow parsed = WorkflowParser.parse(yaml, steps);
        Workflow workflow = parsed.workflow();
        if (workflow == null) {
            return new WorkflowCheck(parsed.problems(), null, Map.of());
        }
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (Job job : workflow.jobs()) {
            lines.put(job.id(), job.position().line());
        }
        try {
            return new WorkflowCheck(
                    parsed.problems(), Planner.plan(workflow, PlanRequest.of("", Digest.sha256Hex(yaml))), lines);
        } catch (UnplannableException e) {
            List<Problem> problems = new ArrayList<>(parsed.problems());
            problems.add(new Problem(e.position(), Problem.Severity.ERROR, e.getMessage(), ""));
            return new WorkflowCheck(problems, null, lines);
        }
    }

    /** Whether the workflow can run. */
    boolean isGood() {
        return plan != null;
    }

    /** The problems, each with its place in a file of that name. */
    List<String> texts(String file) {
        return problems.stream()
                .map(each -> (each.severity() == Problem.Severity.ERROR
                                ? Messages.WorkflowCheck_error()
                                : Messages.WorkflowCheck_warning())
                        + " "
                        + (each.remedy().isEmpty()
                                ? file + ":" + each.position().line() + ":"
                                        + each.position().column() + ": " + each.text()
                                : each.line(file)))
                .toList();
    }

    /** As the page and scripts are told: {@code good}, {@code problems}, and the {@code plan} as {@link PlanJson} has it, with the {@code line} of each job. */
    ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("good", isGood());
        ArrayNode list = json.putArray("problems");
        for (Problem problem : problems) {
            list.addObject()
                    .put("line", problem.position().line())
                    .put("column", problem.position().column())
                    .put("severity", problem.severity().name())
                    .put("text", problem.text())
                    .put("remedy", problem.remedy());
        }
        if (plan != null) {
            ObjectNode drawn = PlanJson.of(plan);
            for (int i = 0; i < plan.jobs().size(); i++) {
                ((ObjectNode) drawn.get("jobs").get(i))
                        .put("line", lines.getOrDefault(plan.jobs().get(i).job(), 1));
            }
            json.set("plan", drawn);
        }
        return json;
    }
}
