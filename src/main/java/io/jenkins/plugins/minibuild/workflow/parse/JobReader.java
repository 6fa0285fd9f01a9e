package io.jenkins.plugins.minibuild.workflow.parse;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Cache;
import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Matrix;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import io.jenkins.plugins.minibuild.workflow.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads a job of either form. */
final class JobReader {
    /** Steps of one job, with those before and after the others. */
    static final int MOST_STEPS = 200;

    private final Reading reading;
    private List<NeedsCheck.Need> needs = List.of();

    JobReader(Reading reading) {
        this.reading = reading;
    }

    /**
     * Where a job stands.
     *
     * @param id unique, or said to be not
     * @param name for people where the job says none
     * @param position of its key, of its name, or of itself
     * @param stage its index; -1 for none
     * @param inherited from the levels above
     * @param when the condition of its stage; null for none
     * @param continueOnError what its stage says
     */
    record Place(
            String id,
            String name,
            Position position,
            int stage,
            Inherited inherited,
            @CheckForNull Expression when,
            boolean continueOnError) {}

    /** What the job that was read last needs, as it says; in its form of stages it may not say it. */
    List<NeedsCheck.Need> needs() {
        return needs;
    }

    /** A job without its needs, which {@link NeedsCheck} looks at when all jobs are known. */
    Job job(Place place, Yaml.Mapping mapping) {
        Owner owner = new Owner(Owner.Kind.JOB, place.stage(), place.id());
        Fields fields = new Fields(reading, Level.JOB, owner, mapping);
        needs = fields.scalars("needs").stream()
                .map(each -> new NeedsCheck.Need(each.text().strip(), each.position()))
                .toList();
        if (place.stage() >= 0 && fields.isWritten("needs")) {
            fields.bad(fields.keyPosition("needs"), Messages.Problem_stageNeeds(), Messages.Problem_stageNeedsRemedy());
        }
        Settings settings = SettingsReader.settings(fields, null);
        StepReader reader = new StepReader(reading, owner, place.inherited().with(settings));
        List<Step> pre = reader.steps(fields.value("pre"), Level.JOB.key("pre").orElseThrow(), "pre");
        List<Step> steps =
                reader.steps(fields.value("steps"), Level.JOB.key("steps").orElseThrow(), "step");
        List<Step> post =
                reader.steps(fields.value("post"), Level.JOB.key("post").orElseThrow(), "post");
        if (fields.value("steps").orElse(null) instanceof Yaml.Sequence list
                && list.items().isEmpty()) {
            fields.bad(
                    fields.keyPosition("steps"),
                    Messages.Problem_noSteps(place.id()),
                    Messages.Problem_example(
                            "steps: " + Level.JOB.key("steps").orElseThrow().example()));
        }
        if (pre.size() + steps.size() + post.size() > MOST_STEPS) {
            fields.bad(
                    place.position(),
                    Messages.Problem_manySteps(place.id(), MOST_STEPS),
                    Messages.Problem_manyStepsRemedy());
        }
        Template agent = agent(fields);
        if (agent == null && fields.has("sources")) {
            reading.problems()
                    .warn(fields.keyPosition("sources"), Messages.Problem_sources(), Messages.Problem_sourcesRemedy());
        }
        Sources sources = fields.choice("sources")
                .map(each -> Sources.valueOf(each.toUpperCase(Locale.ROOT)))
                .orElse(Sources.CHECKOUT);
        Matrix matrix = fields.fields("matrix", Level.MATRIX)
                .flatMap(each -> new MatrixReader(each).matrix())
                .orElse(null);
        return new Job(
                place.id(),
                fields.name("name").orElse(place.name()),
                place.position(),
                place.stage(),
                List.of(),
                settings,
                when(fields, place.when()),
                agent,
                sources,
                matrix,
                SettingsReader.retry(fields),
                fields.flag("continue_on_error", place.continueOnError()),
                fields.outputs(),
                fields.globs("artifacts"),
                caches(fields),
                pre,
                steps,
                post);
    }

    @CheckForNull
    private static Template agent(Fields fields) {
        return fields.template("agent")
                .filter(each -> {
                    if (!Fields.isName(each.source())) {
                        fields.bad(
                                fields.scalar("agent").orElseThrow().position(),
                                Messages.Problem_agent(),
                                Messages.Problem_agentRemedy());
                        return false;
                    }
                    return true;
                })
                .orElse(null);
    }

    /** Both its own condition and that of its stage. */
    @CheckForNull
    private static Expression when(Fields fields, @CheckForNull Expression stage) {
        Optional<Expression> own = fields.condition("when");
        if (own.isEmpty() || stage == null) {
            return own.orElse(stage);
        }
        try {
            return Expression.of("(" + stage.source() + ") and (" + own.get().source() + ")");
        } catch (IllegalArgumentException e) {
            // Each of them is all right, so they are too long or too deep together.
            fields.bad(
                    fields.keyPosition("when"),
                    Messages.Problem_expression("when", e.getMessage()),
                    Messages.Problem_expressionRemedy());
            return null;
        }
    }

    private List<Cache> caches(Fields fields) {
        List<Cache> caches = new ArrayList<>();
        Optional<Yaml> value = fields.value("cache");
        if (value.isPresent()) {
            List<Yaml> items = value.get() instanceof Yaml.Sequence list ? list.items() : List.of(value.get());
            for (Yaml item : items) {
                if (item instanceof Yaml.Mapping mapping) {
                    cache(new Fields(reading, Level.CACHE, fields.owner(), mapping))
                            .ifPresent(caches::add);
                } else {
                    Key key = Level.JOB.key("cache").orElseThrow();
                    fields.bad(
                            item.position(),
                            Messages.Problem_kind(
                                    "cache", Fields.kind(item), key.type().words()),
                            Messages.Problem_example("cache: " + key.example()));
                }
            }
        }
        return caches;
    }

    private static Optional<Cache> cache(Fields fields) {
        Optional<Template> key = fields.template("key");
        List<String> paths = fields.paths("paths");
        List<String> files = fields.paths("files");
        if (key.isPresent() && !Fields.isName(key.get().source())) {
            fields.bad(
                    fields.scalar("key").orElseThrow().position(),
                    Messages.Problem_name("key", YamlReader.shortened(key.get().source())),
                    Messages.Problem_nameRemedy(200));
        }
        return key.map(each -> new Cache(each, files, paths));
    }
}
