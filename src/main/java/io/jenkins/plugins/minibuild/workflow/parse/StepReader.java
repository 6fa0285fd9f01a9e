package io.jenkins.plugins.minibuild.workflow.parse;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import io.jenkins.plugins.minibuild.workflow.model.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the steps of one list. */
final class StepReader {
    /** What can stand in the name of a container, of a service, of a tag. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    /** A path in the image; no shell reads it. */
    private static final Pattern ENTRYPOINT = Pattern.compile("/?[A-Za-z0-9_.][A-Za-z0-9_./-]*");

    private static final Pattern LANGUAGE = Pattern.compile("[a-z0-9][a-z0-9._-]*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private final Reading reading;
    private final Owner owner;
    private final Inherited inherited;

    StepReader(Reading reading, Owner owner, Inherited inherited) {
        this.reading = reading;
        this.owner = owner;
        this.inherited = inherited;
    }

    /**
     * The steps of a value: a list of steps, one step, or the command of one.
     *
     * @param word what steps without a name are called, before their number
     */
    List<Step> steps(Optional<Yaml> value, Key key, String word) {
        if (value.isEmpty()) {
            return List.of();
        }
        List<Yaml> items = value.get() instanceof Yaml.Sequence list ? list.items() : List.of(value.get());
        List<Step> steps = new ArrayList<>();
        Map<String, Position> names = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Optional<Step> step = step(items.get(i), key, word + " " + (i + 1));
            step.ifPresent(each -> {
                Position first = names.putIfAbsent(each.name(), each.position());
                if (first != null) {
                    reading.problems()
                            .warn(
                                    each.position(),
                                    Messages.Problem_stepTwice(each.name(), first.line()),
                                    Messages.Problem_stepTwiceRemedy());
                }
                steps.add(each);
            });
        }
        return steps;
    }

    private Optional<Step> step(Yaml item, Key key, String name) {
        if (item instanceof Yaml.Mapping mapping) {
            return Optional.of(step(new Fields(reading, Level.STEP, owner, mapping), name));
        }
        if (item instanceof Yaml.Scalar scalar && !scalar.text().isBlank()) {
            Optional<Template> command =
                    reading.template(owner, Level.STEP.key("command").orElseThrow(), scalar, 0);
            command.ifPresent(each -> checkShell(each, scalar, inherited));
            return command.map(each -> new Step(
                    name,
                    scalar.position(),
                    Settings.NONE,
                    each,
                    null,
                    Map.of(),
                    null,
                    null,
                    null,
                    null,
                    Retry.NONE,
                    false,
                    List.of()));
        }
        reading.problems()
                .error(
                        item.position(),
                        Messages.Problem_kind(
                                key.name(), Fields.kind(item), key.type().words()),
                        Messages.Problem_example(key.name() + ": " + key.example()));
        return Optional.empty();
    }

    private Step step(Fields fields, String otherwise) {
        Settings settings = SettingsReader.settings(fields, null);
        Inherited all = inherited.with(settings);
        Template command = fields.template("command").orElse(null);
        Optional<Fields> plugin = fields.fields("plugin", Level.PLUGIN);
        Optional<Fields> language = fields.fields("language", Level.LANGUAGE);
        Optional<Fields> service = fields.fields("service", Level.SERVICE);
        checkWhatItDoes(fields);
        if (command != null) {
            if (command.source().isBlank()) {
                fields.bad(
                        fields.keyPosition("command"),
                        Messages.Problem_emptyCommand(),
                        Messages.Problem_emptyCommandRemedy());
            }
            if (plugin.isEmpty() && language.isEmpty()) {
                checkShell(command, fields.scalar("command").orElseThrow(), all);
            } else if (!command.references().isEmpty()) {
                fields.bad(
                        fields.scalar("command")
                                .orElseThrow()
                                .at(command.offsets().get(0)),
                        Messages.Problem_noShell(),
                        Messages.Problem_shellReferenceRemedy());
            }
        }
        return new Step(
                fields.name("name").orElse(otherwise),
                fields.has("name") ? fields.scalar("name").orElseThrow().position() : fields.position(),
                settings,
                fields.has("service") ? null : command,
                uses(fields),
                with(fields),
                plugin.map(each -> plugin(each, all)).orElse(null),
                language.map(StepReader::language).orElse(null),
                service.flatMap(StepReader::service).orElse(null),
                fields.condition("when").orElse(null),
                SettingsReader.retry(fields),
                fields.flag("continue_on_error", false),
                fields.outputs());
    }

    private static void checkWhatItDoes(Fields fields) {
        boolean command = fields.has("command");
        boolean uses = fields.has("uses");
        boolean plugin = fields.has("plugin");
        boolean language = fields.has("language");
        boolean service = fields.has("service");
        if (plugin && language) {
            fields.bad(
                    fields.keyPosition("language"),
                    Messages.Problem_pluginAndLanguage(),
                    Messages.Problem_pluginAndLanguageRemedy());
        } else if (uses && (command || plugin || language || service)) {
            fields.bad(
                    fields.keyPosition("uses"), Messages.Problem_usesAndMore(), Messages.Problem_usesAndMoreRemedy());
        } else if (service && (plugin || language)) {
            fields.bad(
                    fields.keyPosition("service"),
                    Messages.Problem_serviceAndMore(),
                    Messages.Problem_serviceAndMoreRemedy());
        } else if (service && command) {
            fields.reading()
                    .problems()
                    .warn(
                            fields.keyPosition("command"),
                            Messages.Problem_serviceCommand(),
                            Messages.Problem_serviceCommandRemedy());
        } else if (language && !command) {
            fields.bad(
                    fields.keyPosition("language"),
                    Messages.Problem_languageAlone(),
                    Messages.Problem_languageAloneRemedy());
        } else if (!command && !uses && !plugin && !service) {
            fields.bad(fields.position(), Messages.Problem_nothing(), Messages.Problem_nothingRemedy());
        }
        if (fields.has("with") && !uses) {
            fields.bad(fields.keyPosition("with"), Messages.Problem_with(), Messages.Problem_withRemedy());
        }
    }

    private void checkShell(Template command, Yaml.Scalar scalar, Inherited all) {
        if (!command.references().isEmpty() && !all.isPosix()) {
            reading.problems()
                    .error(
                            scalar.at(command.offsets().get(0)),
                            Messages.Problem_shellReference(String.valueOf(all.shell())),
                            Messages.Problem_shellReferenceRemedy());
            return;
        }
        checkQuotes(command, scalar);
    }

    /** A value reaches the shell as a variable, and between single quotes a shell replaces none. Quotes are looked at line by line: apostrophes of comments and texts end there. */
    private void checkQuotes(Template command, Yaml.Scalar scalar) {
        String text = scalar.text();
        List<Integer> offsets = command.offsets();
        int next = 0;
        char quote = 0;
        for (int i = 0; i < text.length() && next < offsets.size(); i++) {
            if (i == offsets.get(next)) {
                if (quote == '\'') {
                    reading.problems()
                            .warn(scalar.at(i), Messages.Problem_singleQuotes(), Messages.Problem_singleQuotesRemedy());
                }
                next++;
            }
            char c = text.charAt(i);
            if (c == '\n') {
                quote = 0;
            } else if (c == '\\' && quote != '\'') {
                i++;
            } else if (c == '\'' && quote != '"' || c == '"' && quote != '\'') {
                quote = quote == 0 ? c : 0;
            }
        }
    }

    @CheckForNull
    private String uses(Fields fields) {
        return fields.scalar("uses")
                .map(scalar -> {
                    if (!reading.knownSteps().isEmpty() && !reading.knownSteps().contains(scalar.text())) {
                        fields.bad(
                                scalar.position(),
                                Messages.Problem_uses(YamlReader.shortened(scalar.text())),
                                reading.problems().meant(scalar.text(), reading.knownSteps()));
                    }
                    return scalar.text();
                })
                .orElse(null);
    }

    private Map<String, Object> with(Fields fields) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        if (fields.value("with").orElse(null) instanceof Yaml.Mapping mapping) {
            mapping.entries().forEach(entry -> argument(entry.value())
                    .ifPresent(value -> arguments.put(entry.key().text(), value)));
        }
        return arguments;
    }

    /** A value as Jenkins takes it for a parameter; empty for nothing. */
    private Optional<Object> argument(Yaml value) {
        if (value instanceof Yaml.Mapping mapping) {
            Map<String, Object> values = new LinkedHashMap<>();
            mapping.entries().forEach(entry -> argument(entry.value())
                    .ifPresent(each -> values.put(entry.key().text(), each)));
            return Optional.of(values);
        }
        if (value instanceof Yaml.Sequence list) {
            List<Object> values = new ArrayList<>();
            list.items().forEach(each -> argument(each).ifPresent(values::add));
            return Optional.of(values);
        }
        Yaml.Scalar scalar = (Yaml.Scalar) value;
        String text = scalar.text();
        return switch (scalar.type()) {
            case NOTHING -> Optional.empty();
            case FLAG -> Optional.of(List.of("true", "yes", "on").contains(text.toLowerCase(java.util.Locale.ROOT)));
            case INTEGER -> Optional.of(text.matches("-?(0|[1-9][0-9]{0,8})") ? Integer.valueOf(text) : text);
            case REAL -> Optional.of(text.matches("-?[0-9]{1,15}\\.[0-9]{1,15}") ? Double.valueOf(text) : text);
            case TEXT ->
                reading.template(owner, Level.STEP.key("with").orElseThrow(), scalar, 0)
                        .map(Template::source);
        };
    }

    private static Step.Plugin plugin(Fields fields, Inherited all) {
        Optional<Template> image =
                fields.image("image").filter(each -> !each.source().isEmpty());
        if (image.isEmpty() && !fields.has("image") && !all.hasImage()) {
            fields.bad(fields.position(), Messages.Problem_pluginImage(), Messages.Problem_pluginImageRemedy());
        }
        return new Step.Plugin(
                image.orElse(null),
                fields.texts("settings", name -> {
                    if (!VERSION.matcher(name.text()).matches()) {
                        fields.bad(
                                name.position(),
                                Messages.Problem_key("settings", YamlReader.shortened(name.text())),
                                Messages.Problem_keyRemedy());
                    }
                }),
                fields.word("entrypoint", ENTRYPOINT, Messages.Problem_entrypointRemedy())
                        .orElse(Step.Plugin.ENTRYPOINT),
                SettingsReader.registry(fields).orElse(null));
    }

    private static Step.Language language(Fields fields) {
        return new Step.Language(
                fields.word("name", LANGUAGE, Messages.Problem_wordRemedy()).orElse(""),
                fields.word("version", VERSION, Messages.Problem_wordRemedy()).orElse(""));
    }

    private static Optional<Step.Service> service(Fields fields) {
        Optional<String> name = fields.word("name", WORD, Messages.Problem_wordRemedy());
        Optional<String> version = fields.word("version", VERSION, Messages.Problem_wordRemedy());
        Optional<String> type = fields.choice("type");
        Optional<Template> config = fields.template("config");
        return name.isEmpty() || type.isEmpty() || config.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step.Service(name.get(), version.orElse("v1"), type.get(), config.get()));
    }
}
