package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.workflow.engine.StepOrder;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.expression.Scope;
import io.jenkins.plugins.minibuild.workflow.expression.SyntaxException;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import io.jenkins.plugins.minibuild.workflow.plan.Place;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes what the process of a job is told of its steps: references get their values, conditions become what they come to. */
final class StepOrders {
    /** A plugin's setting whose whole value is this is replaced by the variable, as go-idp does it. */
    private static final Pattern WHOLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final PlannedJob job;
    private final JobScope scope;
    private final Ground ground;
    private final Redactor redactor;
    private final boolean failed;

    /** @param failed whether something failed before the job, where that counts: for what runs after all */
    StepOrders(PlannedJob job, JobScope scope, Ground ground, Redactor redactor, boolean failed) {
        this.job = job;
        this.scope = scope;
        this.ground = ground;
        this.redactor = redactor;
        this.failed = failed;
    }

    /** The texts of the job as a whole. */
    Texts texts() {
        return template -> text(template, job.id());
    }

    String text(Template template, String where) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            text.append(part.reference() == null ? part.text() : value(part.reference(), where));
        }
        return text.toString();
    }

    private String value(Reference reference, String where) throws IOException {
        if (reference.kind() == Reference.Kind.CREDENTIAL) {
            String secret = ground.secret(reference);
            redactor.add(secret);
            return secret;
        }
        String value = scope.value(reference);
        if (value == null) {
            throw new IOException(
                    reference.kind() == Reference.Kind.OUTPUT
                            ? Messages.WorkflowRun_noOutput(reference.name(), reference.key(), where)
                            : Messages.WorkflowRun_noVariable(
                                    where,
                                    "{" + reference.kind().name().toLowerCase(Locale.ROOT) + "." + reference.name()
                                            + "}"));
        }
        return value;
    }

    /** The arguments of a step of the plugin, without references. */
    Map<String, Object> with(PlannedStep step) throws IOException {
        Map<String, Object> with = new LinkedHashMap<>();
        for (Map.Entry<String, Object> each : step.with().entrySet()) {
            with.put(each.getKey(), argument(each.getValue(), step.name()));
        }
        return with;
    }

    private Object argument(Object value, String where) throws IOException {
        if (value instanceof String text) {
            try {
                return text(Template.parse(text), where);
            } catch (SyntaxException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            for (Object each : list) {
                copy.add(argument(each, where));
            }
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> each : map.entrySet()) {
                copy.put(String.valueOf(each.getKey()), argument(each.getValue(), where));
            }
            return copy;
        }
        return value;
    }

    /** The variables of a step: those of the place, then its own. */
    Map<String, String> environment(PlannedStep step, Map<String, String> place) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(place);
        for (Map.Entry<String, Template> each : step.environment().entrySet()) {
            environment.put(each.getKey(), text(each.getValue(), step.name()));
        }
        environment.put("MINI_BUILD_JOB", job.id());
        environment.put("MINI_BUILD_STEP", step.name());
        return environment;
    }

    /**
     * Whether a step runs.
     *
     * @param success whether no step before failed
     * @param failure whether one failed; neither after a cancel
     */
    boolean runs(PlannedStep step, boolean success, boolean failure) {
        return holds(step, success && !failed, failure || success && failed);
    }

    private boolean holds(PlannedStep step, boolean success, boolean failure) {
        Expression when = step.when();
        boolean post = step.phase() == PlannedStep.Phase.POST;
        if (when == null) {
            return post || success;
        }
        return when.holds(new Scope() {
            @Override
            public String value(String name) {
                return scope.value(name);
            }

            @Override
            public boolean success() {
                return success || post && !when.asksForStatus();
            }

            @Override
            public boolean failure() {
                return failure;
            }

            @Override
            public boolean changed(String pattern) {
                return scope.changed(pattern);
            }
        });
    }

    /**
     * The order of a step that runs in the job's process.
     *
     * @param place the variables of the place
     */
    StepOrder order(PlannedStep step, int index, Map<String, String> place) throws IOException {
        Map<String, String> environment = environment(step, place);
        StringBuilder command = new StringBuilder();
        int references = 0;
        if (step.command() != null) {
            for (Template.Part part : step.command().parts()) {
                if (part.reference() == null) {
                    command.append(part.text());
                } else {
                    // Outside values reach the shell as data: the script names a variable.
                    String name = "MINI_BUILD_REF_" + ++references;
                    environment.put(name, value(part.reference(), step.name()));
                    command.append("${").append(name).append('}');
                }
            }
        }
        List<String> shell = step.shell();
        StepOrder.ContainerOrder container = null;
        if (step.place().engine() == Place.Engine.CONTAINER) {
            container = container(step);
            if (step.plugin() != null) {
                Map<String, String> fresh = new LinkedHashMap<>();
                environment.forEach((name, value) -> {
                    if (name.startsWith("PIPELINE_") || name.startsWith("MINI_BUILD_")) {
                        fresh.put(name, value);
                    }
                });
                for (Map.Entry<String, Template> each : step.plugin().settings().entrySet()) {
                    String value = text(each.getValue(), step.name());
                    Matcher whole = WHOLE.matcher(value);
                    fresh.put(
                            "PIPELINE_PLUGIN_SETTINGS_" + each.getKey().toUpperCase(Locale.ROOT),
                            whole.matches() ? environment.getOrDefault(whole.group(1), "") : value);
                }
                environment = fresh;
            }
            if (step.plugin() != null || step.language() != null) {
                environment.put(
                        "PIPELINE_PLUGIN_COMMAND",
                        Base64.getEncoder().encodeToString(command.toString().getBytes(StandardCharsets.UTF_8)));
                command.setLength(0);
                shell = List.of();
            }
        }
        return new StepOrder(
                index,
                shell,
                command.toString(),
                text(step.workdir(), step.name()),
                environment,
                container,
                step.retry(),
                runs(step, true, false),
                runs(step, false, true),
                runs(step, false, false),
                step.continueOnError());
    }

    private StepOrder.ContainerOrder container(PlannedStep step) throws IOException {
        Settings.Registry registry = step.place().registry();
        StepOrder.Login login = null;
        if (registry != null) {
            String server = registry.server() == null ? "" : registry.server();
            if (registry.credentialsId() != null) {
                login = new StepOrder.Login(
                        server,
                        value(
                                new Reference(Reference.Kind.CREDENTIAL, registry.credentialsId(), "username"),
                                step.name()),
                        value(
                                new Reference(Reference.Kind.CREDENTIAL, registry.credentialsId(), "password"),
                                step.name()));
            } else if (registry.username() != null && registry.password() != null) {
                String password = text(registry.password(), step.name());
                redactor.add(password);
                login = new StepOrder.Login(server, text(registry.username(), step.name()), password);
            }
        }
        Settings.Resources resources = step.place().resources();
        return new StepOrder.ContainerOrder(
                step.place().command(),
                text(step.place().image(), step.name()),
                step.plugin() != null
                        ? step.plugin().entrypoint()
                        : step.language() != null
                                ? io.jenkins.plugins.minibuild.workflow.model.Step.Plugin.ENTRYPOINT
                                : null,
                resources == null ? 0 : resources.cpu(),
                resources == null ? 0 : resources.memory(),
                login);
    }
}
