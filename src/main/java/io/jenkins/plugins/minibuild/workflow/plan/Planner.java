package io.jenkins.plugins.minibuild.workflow.plan;

import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import io.jenkins.plugins.minibuild.workflow.model.Stage;
import io.jenkins.plugins.minibuild.workflow.model.Step;
import io.jenkins.plugins.minibuild.workflow.model.Workflow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the plan of a workflow: chooses its jobs, repeats them along matrices, lets them inherit settings, orders them. It asks nobody and changes nothing. */
public final class Planner {
    /** Jobs at once, where nobody says how many. */
    public static final int PARALLEL = 16;

    /** The most jobs of a plan, combinations of matrices counted. */
    public static final int MOST_JOBS = 1000;

    /** The id of what runs before all jobs. No job has it: ids of stages have a dot, and a key cannot have a blank. */
    static final String PRE = "before all";

    static final String POST = "after all";

    private static final Position TOP = new Position(1, 1);
    private static final String LANGUAGE_IMAGE = "ghcr.io/go-idp/pipeline-language-";

    private final Workflow workflow;
    private final PlanRequest request;

    private Planner(Workflow workflow, PlanRequest request) {
        this.workflow = workflow;
        this.request = request;
    }

    /**
     * Plans a workflow.
     *
     * @throws UnplannableException for a job that was asked for and is not there, too many jobs, an engine that there is not
     */
    public static Plan plan(Workflow workflow, PlanRequest request) throws UnplannableException {
        return new Planner(workflow, request).plan();
    }

    private Plan plan() throws UnplannableException {
        Set<String> chosen = chosen();
        Map<String, List<String>> ids = new HashMap<>();
        Map<Job, List<Map<String, String>>> combinations = new LinkedHashMap<>();
        int count = 0;
        for (Job job : workflow.jobs()) {
            if (!chosen.contains(job.id())) {
                continue;
            }
            List<Map<String, String>> all =
                    job.matrix() == null ? List.of(Map.of()) : job.matrix().combinations();
            count += all.size();
            if (count > MOST_JOBS) {
                throw new UnplannableException(job.position(), Messages.Planner_jobs(MOST_JOBS));
            }
            combinations.put(job, all);
            ids.put(
                    job.id(),
                    all.stream().map(each -> id(job.id(), each)).distinct().toList());
        }
        List<PlannedJob> jobs = new ArrayList<>();
        boolean pre = !workflow.pre().isEmpty();
        Inherited top = Inherited.NOTHING.with(workflow.settings());
        if (pre) {
            jobs.add(whole(PRE, PlannedJob.Role.PRE, workflow.pre(), top));
        }
        for (Map.Entry<Job, List<Map<String, String>>> each : combinations.entrySet()) {
            Job job = each.getKey();
            List<String> needs = job.needs().stream()
                    .flatMap(need -> ids.getOrDefault(need, List.of()).stream())
                    .distinct()
                    .toList();
            Set<String> made = new HashSet<>();
            for (Map<String, String> combination : each.getValue()) {
                if (made.add(id(job.id(), combination))) {
                    jobs.add(planned(job, combination, needs.isEmpty() && pre ? List.of(PRE) : needs, top));
                }
            }
        }
        if (!workflow.post().isEmpty()) {
            jobs.add(whole(POST, PlannedJob.Role.POST, workflow.post(), top));
        }
        Duration own = workflow.settings().timeout();
        long timeout = own == null ? 0 : own.toMillis();
        if (request.timeoutMillis() > 0) {
            timeout = timeout == 0 ? request.timeoutMillis() : Math.min(timeout, request.timeoutMillis());
        }
        int parallel = request.maxParallel() > 0
                ? request.maxParallel()
                : workflow.maxParallel() > 0 ? workflow.maxParallel() : PARALLEL;
        return new Plan(
                workflow.name(),
                request.file(),
                request.sha256(),
                request.variables(),
                request.facts(),
                timeout,
                parallel,
                request.failFast() == null ? workflow.failFast() : request.failFast(),
                workflow.stages().stream()
                        .map(stage -> new PlannedStage(
                                stage.name(), millis(stage.settings().timeout())))
                        .toList(),
                withDistances(ordered(jobs)));
    }

    private static long millis(Duration timeout) {
        return timeout == null ? 0 : timeout.toMillis();
    }

    /** The ids of the jobs that were asked for, and of all that they need. */
    private Set<String> chosen() throws UnplannableException {
        Map<String, Job> byId = new LinkedHashMap<>();
        workflow.jobs().forEach(job -> byId.put(job.id(), job));
        if (request.jobs().isEmpty()) {
            return byId.keySet();
        }
        Deque<String> open = new ArrayDeque<>();
        for (String wanted : request.jobs()) {
            List<String> found = workflow.jobs().stream()
                    .filter(job -> job.id().equals(wanted) || job.name().equals(wanted))
                    .map(Job::id)
                    .toList();
            if (found.isEmpty()) {
                throw new UnplannableException(TOP, Messages.Planner_noJob(wanted, String.join(", ", byId.keySet())));
            }
            open.addAll(found);
        }
        Set<String> chosen = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            String id = open.pop();
            if (chosen.add(id)) {
                open.addAll(byId.get(id).needs());
            }
        }
        return chosen;
    }

    private static String id(String job, Map<String, String> combination) {
        return combination.isEmpty() ? job : job + " (" + String.join(", ", combination.values()) + ")";
    }

    private PlannedJob whole(String id, PlannedJob.Role role, List<Step> steps, Inherited top)
            throws UnplannableException {
        List<PlannedStep> planned = new ArrayList<>();
        for (Step step : steps) {
            planned.add(
                    planned(step, role == PlannedJob.Role.POST ? PlannedStep.Phase.POST : PlannedStep.Phase.MAIN, top));
        }
        return new PlannedJob(
                id,
                role == PlannedJob.Role.PRE ? Messages.Planner_pre() : Messages.Planner_post(),
                id,
                role,
                Map.of(),
                -1,
                List.of(),
                null,
                null,
                Sources.NONE,
                0,
                Retry.NONE,
                false,
                0,
                1,
                List.of(),
                List.of(),
                List.of(),
                planned);
    }

    private PlannedJob planned(Job job, Map<String, String> combination, List<String> needs, Inherited top)
            throws UnplannableException {
        Stage stage = job.stage() < 0 ? null : workflow.stages().get(job.stage());
        Inherited around = (stage == null ? top : top.with(stage.settings())).with(job.settings());
        List<PlannedStep> steps = new ArrayList<>();
        for (Step step : job.pre()) {
            steps.add(planned(step, PlannedStep.Phase.PRE, around));
        }
        for (Step step : job.steps()) {
            steps.add(planned(step, PlannedStep.Phase.MAIN, around));
        }
        for (Step step : job.post()) {
            steps.add(planned(step, PlannedStep.Phase.POST, around));
        }
        return new PlannedJob(
                id(job.id(), combination),
                id(job.name(), combination),
                job.id(),
                PlannedJob.Role.JOB,
                combination,
                job.stage(),
                needs,
                job.when(),
                job.agent(),
                job.sources(),
                millis(job.settings().timeout()),
                job.retry(),
                job.continueOnError(),
                job.matrix() == null ? 0 : job.matrix().maxParallel(),
                1,
                job.outputs(),
                job.artifacts(),
                job.caches(),
                steps);
    }

    private PlannedStep planned(Step step, PlannedStep.Phase phase, Inherited around) throws UnplannableException {
        Inherited all = around.with(step.settings());
        if (step.service() != null) {
            throw new UnplannableException(step.position(), Messages.Planner_service(step.name()));
        }
        return new PlannedStep(
                step.name(),
                phase,
                step.command(),
                step.uses(),
                step.with(),
                step.plugin(),
                step.language(),
                null,
                step.uses() != null ? Place.HOST : place(step, all),
                shell(all.shell()),
                all.workdir() == null ? Template.of("") : all.workdir(),
                all.environment(),
                millis(step.settings().timeout()),
                step.when(),
                step.retry(),
                step.continueOnError(),
                step.outputs());
    }

    /** go-idp's own form runs {@code sh -c}; the other one ends a script at the first command that fails, as people know it from elsewhere. */
    private List<String> shell(String words) {
        if (words != null && !words.isBlank()) {
            List<String> given = Stream.of(words.strip().split("\\s+")).toList();
            return given.get(given.size() - 1).equals("-c")
                    ? given
                    : Stream.concat(given.stream(), Stream.of("-c")).toList();
        }
        return workflow.stages().isEmpty() ? List.of("sh", "-e", "-c") : List.of("sh", "-c");
    }

    private Place place(Step step, Inherited all) throws UnplannableException {
        String engine = all.engine().strip();
        Template image = all.image();
        Settings.Registry registry = all.registry();
        if (step.plugin() != null) {
            image = step.plugin().image() == null ? image : step.plugin().image();
            registry =
                    step.plugin().registry() == null ? registry : step.plugin().registry();
            if (image == null) {
                throw new UnplannableException(step.position(), Messages.Planner_pluginImage(step.name()));
            }
            engine = container(engine) ? engine : "";
        } else if (step.language() != null) {
            Step.Language language = step.language();
            image = Template.of(LANGUAGE_IMAGE + language.name() + ":"
                    + (language.version().isEmpty() ? "latest" : language.version()));
            engine = container(engine) ? engine : "";
        }
        if (engine.isEmpty() && image == null || engine.equals("host")) {
            return Place.HOST;
        }
        if (!engine.isEmpty() && !container(engine)) {
            throw new UnplannableException(
                    step.position(), Messages.Planner_engine(step.name(), engine.replaceAll("(?s):.*", "")));
        }
        if (image == null) {
            throw new UnplannableException(step.position(), Messages.Planner_noImage(step.name(), engine));
        }
        return new Place(Place.Engine.CONTAINER, engine, image, registry, all.resources());
    }

    private static boolean container(String engine) {
        return engine.equals("docker") || engine.equals("podman");
    }

    /** Each after those that it needs, else in the order of the file. */
    private static List<PlannedJob> ordered(List<PlannedJob> jobs) {
        List<PlannedJob> ordered = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        List<PlannedJob> rest = new ArrayList<>(jobs);
        while (!rest.isEmpty()) {
            List<PlannedJob> later = new ArrayList<>();
            for (PlannedJob job : rest) {
                // What runs after all comes last.
                boolean last = job.role() != PlannedJob.Role.POST || rest.size() == 1;
                if (last && placed.containsAll(job.needs())) {
                    ordered.add(job);
                    placed.add(job.id());
                } else {
                    later.add(job);
                }
            }
            if (later.size() == rest.size()) {
                throw new IllegalStateException(
                        "The needs form a circle: " + later.get(0).id());
            }
            rest = later;
        }
        return ordered;
    }

    private static List<PlannedJob> withDistances(List<PlannedJob> jobs) {
        Map<String, Integer> toEnd = new HashMap<>();
        for (int i = jobs.size() - 1; i >= 0; i--) {
            PlannedJob job = jobs.get(i);
            int own = toEnd.merge(job.id(), 1, (known, one) -> known);
            for (String need : job.needs()) {
                toEnd.merge(need, own + 1, Math::min);
            }
        }
        return jobs.stream().map(job -> job.withToEnd(toEnd.get(job.id()))).toList();
    }
}
