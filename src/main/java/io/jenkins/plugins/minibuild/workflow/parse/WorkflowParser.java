package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import io.jenkins.plugins.minibuild.workflow.model.Stage;
import io.jenkins.plugins.minibuild.workflow.model.Step;
import io.jenkins.plugins.minibuild.workflow.model.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a workflow's file in either form. It says everything that is wrong at once, throws nothing whatever the text is, and takes bounded time and memory: a text
 * comes from a repository.
 */
public final class WorkflowParser {
    /** Jobs of a workflow, each combination of a matrix counted. */
    static final int MOST_JOBS = 1_000;

    /** What counts where a file says no timeout, as in go-idp. */
    private static final Duration DAY = Duration.ofDays(1);

    private final Reading reading;
    private final Problems problems;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, List<NeedsCheck.Need>> needs = new HashMap<>();
    private final List<Stage> stages = new ArrayList<>();

    private WorkflowParser(Set<String> knownSteps) {
        reading = new Reading(knownSteps);
        problems = reading.problems();
    }

    /** As {@link #parse(String, Collection)}, where it is not known what {@code uses} can name. */
    public static ParsedWorkflow parse(String yaml) {
        return parse(yaml, List.of());
    }

    /**
     * Reads a file.
     *
     * @param yaml its text
     * @param knownSteps the names that {@code uses} can have; empty accepts each
     */
    public static ParsedWorkflow parse(String yaml, Collection<String> knownSteps) {
        WorkflowParser parser = new WorkflowParser(Set.copyOf(knownSteps));
        Optional<Workflow> workflow = new YamlReader(parser.problems).read(yaml).flatMap(parser::workflow);
        return new ParsedWorkflow(parser.problems.hasErrors() ? null : workflow.orElse(null), parser.problems.sorted());
    }

    private Optional<Workflow> workflow(Yaml root) {
        if (!(root instanceof Yaml.Mapping mapping)) {
            problems.error(root.position(), Messages.Problem_root(Fields.kind(root)), Messages.Yaml_emptyRemedy());
            return Optional.empty();
        }
        Fields fields = new Fields(reading, Level.WORKFLOW, Owner.WORKFLOW, mapping);
        Settings settings = SettingsReader.settings(fields, DAY);
        Inherited inherited = Inherited.NOTHING.with(settings);
        if (fields.isWritten("jobs") && fields.isWritten("stages")) {
            problems.error(
                    fields.keyPosition("stages"), Messages.Problem_twoForms(), Messages.Problem_twoFormsRemedy());
        } else if (!fields.isWritten("jobs") && !fields.isWritten("stages")) {
            problems.error(fields.position(), Messages.Problem_noJobs(), Messages.Problem_noJobsRemedy());
        }
        if (fields.value("jobs").orElse(null) instanceof Yaml.Mapping all) {
            jobs(all, fields.keyPosition("jobs"), inherited);
        }
        if (fields.value("stages").orElse(null) instanceof Yaml.Sequence all) {
            stages(all, fields.keyPosition("stages"), inherited);
        }
        List<Step> pre = new StepReader(reading, Owner.PRE, inherited)
                .steps(fields.value("pre"), Level.WORKFLOW.key("pre").orElseThrow(), "pre");
        List<Step> post = new StepReader(reading, Owner.POST, inherited)
                .steps(fields.value("post"), Level.WORKFLOW.key("post").orElseThrow(), "post");
        List<Job> complete = graph(fields.position());
        return Optional.of(new Workflow(
                fields.name("name").orElse("workflow"),
                settings,
                stages,
                complete,
                pre,
                post,
                fields.count("max_parallel").orElse(0),
                fields.flag("fail_fast", false)));
    }

    private void jobs(Yaml.Mapping all, Position position, Inherited inherited) {
        if (all.entries().isEmpty()) {
            problems.error(position, Messages.Problem_noJobs(), Messages.Problem_noJobsRemedy());
        }
        for (Yaml.Entry entry : all.entries()) {
            String id = entry.key().text().strip();
            Position at = entry.key().position();
            if (!Fields.isName(id)) {
                problems.error(
                        at, Messages.Problem_name("jobs", YamlReader.shortened(id)), Messages.Problem_nameRemedy(200));
            } else if (entry.value() instanceof Yaml.Mapping mapping) {
                JobReader.Place place = new JobReader.Place(id, id, at, -1, inherited, null, false);
                JobReader reader = new JobReader(reading);
                if (add(reader.job(place, mapping))) {
                    needs.put(id, reader.needs());
                }
            } else {
                wrongJob(entry.value());
            }
        }
    }

    /** The name of a job, which is a part of its id; what is wrong with it is said when the job is read. */
    private static Optional<Yaml.Scalar> name(Yaml.Mapping job) {
        return job.entries().stream()
                .filter(entry -> entry.key().text().equals("name"))
                .map(Yaml.Entry::value)
                .filter(Yaml.Scalar.class::isInstance)
                .map(Yaml.Scalar.class::cast)
                .filter(each -> !each.isNothing() && Fields.isName(each.text().strip()))
                .findFirst();
    }

    private void wrongJob(Yaml value) {
        problems.error(
                value.position(),
                Messages.Problem_kind("jobs", Fields.kind(value), Messages.Level_job()),
                Messages.Problem_example(
                        "steps: " + Level.JOB.key("steps").orElseThrow().example()));
    }

    private boolean add(Job job) {
        Job first = jobs.putIfAbsent(job.id(), job);
        if (first != null) {
            problems.error(
                    job.position(),
                    Messages.Problem_jobTwice(
                            YamlReader.shortened(job.id()), first.position().line()),
                    Messages.Problem_jobTwiceRemedy());
        }
        return first == null;
    }

    private void stages(Yaml.Sequence all, Position position, Inherited inherited) {
        if (all.items().isEmpty()) {
            problems.error(position, Messages.Problem_noJobs(), Messages.Problem_noJobsRemedy());
        }
        Map<String, Position> names = new HashMap<>();
        List<String> before = List.of();
        for (Yaml item : all.items()) {
            if (item instanceof Yaml.Mapping mapping) {
                before = stage(mapping, before, names, inherited);
            } else {
                Key key = Level.WORKFLOW.key("stages").orElseThrow();
                problems.error(
                        item.position(),
                        Messages.Problem_kind("stages", Fields.kind(item), Messages.Level_stage()),
                        Messages.Problem_example("stages: " + key.example()));
            }
        }
    }

    /** Reads a stage and answers the ids of its jobs. */
    private List<String> stage(
            Yaml.Mapping mapping, List<String> before, Map<String, Position> names, Inherited inherited) {
        int index = stages.size();
        Owner owner = new Owner(Owner.Kind.STAGE, index, "");
        Fields fields = new Fields(reading, Level.STAGE, owner, mapping);
        Settings settings = SettingsReader.settings(fields, null);
        String name = fields.name("name").orElse("stage " + (index + 1));
        Position position =
                fields.has("name") ? fields.scalar("name").orElseThrow().position() : fields.position();
        Position first = names.putIfAbsent(name, position);
        if (first != null) {
            problems.error(
                    position,
                    Messages.Problem_stageTwice(YamlReader.shortened(name), first.line()),
                    Messages.Problem_jobTwiceRemedy());
        }
        boolean serial = fields.scalar("run_mode")
                .map(each -> each.text().equals("serial"))
                .orElse(false);
        fields.scalar("run_mode").ifPresent(mode -> {
            if (!mode.text().equals("serial") && !mode.text().equals("parallel")) {
                problems.warn(
                        mode.position(),
                        Messages.Problem_runMode(YamlReader.shortened(mode.text())),
                        problems.meant(mode.text(), List.of("parallel", "serial")));
            }
        });
        Expression when = fields.condition("when").orElse(null);
        boolean continueOnError = fields.flag("continue_on_error", false);
        stages.add(new Stage(name, position, settings, serial));
        List<String> ids = new ArrayList<>();
        if (fields.value("jobs").orElse(null) instanceof Yaml.Sequence list) {
            if (list.items().isEmpty()) {
                problems.error(
                        fields.keyPosition("jobs"),
                        Messages.Problem_emptyStage(YamlReader.shortened(name)),
                        Messages.Problem_emptyStageRemedy());
            }
            for (Yaml item : list.items()) {
                if (!(item instanceof Yaml.Mapping job)) {
                    wrongJob(item);
                    continue;
                }
                Optional<Yaml.Scalar> named = name(job);
                String jobName = named.map(each -> each.text().strip()).orElse("job " + (ids.size() + 1));
                JobReader.Place place = new JobReader.Place(
                        name + "." + jobName,
                        jobName,
                        named.map(Yaml.Scalar::position).orElse(job.position()),
                        index,
                        inherited.with(settings),
                        when,
                        continueOnError);
                if (add(new JobReader(reading).job(place, job))) {
                    List<String> needed = serial && !ids.isEmpty() ? List.of(ids.get(ids.size() - 1)) : before;
                    Position at = place.position();
                    needs.put(
                            place.id(),
                            needed.stream()
                                    .map(each -> new NeedsCheck.Need(each, at))
                                    .toList());
                }
                ids.add(place.id());
            }
        }
        return ids.isEmpty() ? before : ids;
    }

    /** The jobs with their needs. */
    private List<Job> graph(Position position) {
        List<Job> all = List.copyOf(jobs.values());
        long count = all.stream()
                .mapToLong(job ->
                        job.matrix() == null ? 1 : job.matrix().combinations().size())
                .sum();
        if (count > MOST_JOBS) {
            problems.error(position, Messages.Problem_manyJobs(count, MOST_JOBS), Messages.Problem_manyJobsRemedy());
            return all;
        }
        NeedsCheck check = new NeedsCheck(problems, all);
        Map<String, List<String>> known = check.check(needs);
        new ReferenceCheck(problems, all, check).check(reading.uses());
        check.unreachable();
        return all.stream().map(job -> needing(job, known.get(job.id()))).toList();
    }

    private static Job needing(Job job, List<String> needs) {
        return new Job(
                job.id(),
                job.name(),
                job.position(),
                job.stage(),
                needs,
                job.settings(),
                job.when(),
                job.agent(),
                job.sources(),
                job.matrix(),
                job.retry(),
                job.continueOnError(),
                job.outputs(),
                job.artifacts(),
                job.caches(),
                job.pre(),
                job.steps(),
                job.post());
    }
}
